-- Counts a stretch of a campaign's, or a message's, batches from their records, and puts back on the timer what
-- nothing would wake any more. One step, so that it is right while workers run.
-- KEYS: 1 campaign (missing for a message), 2 open batches, 3 timer, 4 prefix of batch keys, 5 in doubt, 6 held
-- ARGV: 1 campaign or message id, 2 number of batches (of a message), 3 bytes of a result row, 4 prefix of
--       look-up keys, 5 now (ms, 0: the server's clock)
-- Returns {counter, recorded, counted, ...} for counters that differ; then '|'; then repaired batch ids; then '|';
-- then batch ids that are missing.
local now = tonumber(ARGV[5])
if now == 0 then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
local names = {[0] = 'pending', 'in_doubt', 'held', 'taken', 'delivered', 'read', 'failed', 'expired', 'refused',
  'cancelled', 'rejected'}
local width = tonumber(ARGV[3])
local campaign = redis.call('HMGET', KEYS[1], 'state', 'planned', 'next')
local total, fed, paused = tonumber(ARGV[2]), tonumber(ARGV[2]), false
if campaign[1] then
  total, fed = tonumber(campaign[2]), tonumber(campaign[3])
  paused = campaign[1] == 'paused'
end
local counted, repaired, missing = {}, {}, {}
for state = 0, 10 do counted[state] = 0 end
for n = 0, total - 1 do
  local id = ARGV[1] .. '.' .. n
  local b = redis.call('HMGET', KEYS[4] .. id, 'state', 'n', 'results', 'lease', 'job')
  local state = b[1]
  if not state then
    missing[#missing + 1] = id
  else
    local recipients, results = tonumber(b[2]), b[3]
    if results and #results > 0 then
      for at = 1, #results, width do
        local value = string.byte(results, at)
        counted[value] = counted[value] + 1
      end
    else
      counted[0] = counted[0] + recipients
    end
    local entry, due = 'send|' .. id, nil
    if state == 'queued' and not paused then due = now
    elseif state == 'claimed' or state == 'sending' then due = tonumber(b[4]) end
    if due and not redis.call('ZSCORE', KEYS[3], entry) then
      redis.call('ZADD', KEYS[3], due, entry)
      repaired[#repaired + 1] = id
    end
    if state == 'in_doubt' then
      local account = cjson.decode(b[5]).account
      local doubts = ARGV[4] .. account
      if not redis.call('ZSCORE', doubts, id) then
        redis.call('ZADD', doubts, now, id)
        redis.call('ZADD', KEYS[5], 'NX', now, id)
        repaired[#repaired + 1] = id
      end
      redis.call('ZADD', KEYS[3], 'NX', now, 'reconcile|' .. account)
    elseif state == 'held' then
      redis.call('ZADD', KEYS[6], 'NX', now, id)
    end
    if campaign[1] and (state == 'queued' or state == 'claimed' or state == 'sending') then
      redis.call('SADD', KEYS[2], id)
    end
  end
end
if campaign[1] == 'running' and fed < total and not redis.call('ZSCORE', KEYS[3], 'feed|' .. ARGV[1]) then
  redis.call('ZADD', KEYS[3], now, 'feed|' .. ARGV[1])
  repaired[#repaired + 1] = ARGV[1]
end
local reply = {}
if campaign[1] then
  for state = 0, 9 do
    local recorded = tonumber(redis.call('HGET', KEYS[1], 'n.' .. names[state]) or '0')
    if recorded ~= counted[state] then
      reply[#reply + 1] = names[state]
      reply[#reply + 1] = recorded
      reply[#reply + 1] = counted[state]
    end
  end
end
reply[#reply + 1] = '|'
for _, id in ipairs(repaired) do reply[#reply + 1] = id end
reply[#reply + 1] = '|'
for _, id in ipairs(missing) do reply[#reply + 1] = id end
return reply
