-- Takes a held batch, or one in doubt, into a person's hands: a new fencing token, so that no worker that is
-- looking it up meanwhile can change it any more.
-- KEYS: 1 batch
-- ARGV: 1 allowed states between commas, 2 now (ms, 0: the server's clock)
-- Returns {token, attempt, rev, job, phones, segments, results, message id, ids of former attempts, state, now},
-- or {state} when it is in another one, or {} when there is no such batch.
local b = redis.call('HMGET', KEYS[1], 'state', 'token', 'attempt', 'rev', 'job', 'phones', 'segments', 'results',
  'provider_id', 'ids')
if not b[1] then return {} end
if not string.find(',' .. ARGV[1] .. ',', ',' .. b[1] .. ',', 1, true) then return {b[1]} end
local now = tonumber(ARGV[2])
if now == 0 then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
local token = tonumber(b[2]) + 1
redis.call('HSET', KEYS[1], 'token', token)
return {token, tonumber(b[3]), tonumber(b[4]), b[5], b[6], b[7], b[8] or '', b[9] or '', b[10] or '', b[1], now}
