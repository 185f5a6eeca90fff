-- Gives one worker the batches in doubt of an account whose look-up is due, under new fencing tokens. When none
-- is due it sets the account's timer entry to the next one.
-- KEYS: 1 the account's batches in doubt, 2 timer, 3 prefix of batch keys
-- ARGV: 1 account, 2 most recipients, 3 lease in ms, 4 now (ms, 0: the server's clock)
-- Returns a list of {batch, token, attempt, rev, job, phones, segments, results, message id, ids of former
-- attempts, rounds in which it was unknown, looks, now}.
local now = tonumber(ARGV[4])
if now == 0 then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
local taken, room = {}, tonumber(ARGV[2])
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, 1000)) do
  local key = KEYS[3] .. id
  local b = redis.call('HMGET', key, 'state', 'lease', 'token', 'attempt', 'rev', 'job', 'phones', 'segments',
    'results', 'provider_id', 'ids', 'unknown', 'looks', 'n')
  if b[1] ~= 'in_doubt' then
    redis.call('ZREM', KEYS[1], id)
  elseif tonumber(b[2]) <= now then
    room = room - tonumber(b[14])
    if room < 0 and #taken > 0 then break end
    local token = tonumber(b[3]) + 1
    redis.call('HSET', key, 'token', token, 'lease', now + tonumber(ARGV[3]))
    redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), id)
    taken[#taken + 1] = {id, token, tonumber(b[4]), tonumber(b[5]), b[6], b[7], b[8], b[9] or '', b[10] or '',
      b[11] or '', tonumber(b[12] or '0'), tonumber(b[13] or '0'), now}
  end
end
local entry = 'reconcile|' .. ARGV[1]
local next = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
if #next == 0 then
  redis.call('ZREM', KEYS[2], entry)
elseif #taken == 0 then
  redis.call('ZADD', KEYS[2], math.max(tonumber(next[2]), now + 100), entry)
end
return taken
