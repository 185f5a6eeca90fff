-- Writes a message's batches, each with its timer entry, once for each idempotency key.
-- KEYS: 1 idempotency key (not used when ARGV 3 is 0), 2 timer, 3 gauges, 4 messages, then the batches
-- ARGV: 1 message id, 2 digest of the message, 3 seconds to remember the key, 4 ms after which a wake-up that
--       did nothing is repeated, 5 now (ms, 0: the server's clock), 6 number of fields, then for each batch its
--       id and field, value ...
-- Returns {message id, 'created' | 'same' | 'differs' | 'clash'}; 'clash': a batch of that id exists.
if ARGV[3] ~= '0' then
  local known = redis.call('HMGET', KEYS[1], 'id', 'digest')
  if known[1] then return {known[1], known[2] == ARGV[2] and 'same' or 'differs'} end
end
if redis.call('EXISTS', KEYS[5]) == 1 then return {ARGV[1], 'clash'} end
local now = tonumber(ARGV[5])
if now == 0 then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
local width = 2 * tonumber(ARGV[6]) + 1
for b = 5, #KEYS do
  local at = 7 + (b - 5) * width
  redis.call('HSET', KEYS[b], 'state', 'queued', 'token', 0, 'attempt', 0, 'rev', 0, 'created', now,
    'parts', #KEYS - 4, unpack(ARGV, at + 1, at + width - 1))
  redis.call('ZADD', KEYS[2], now + tonumber(ARGV[4]), 'send|' .. ARGV[at])
end
redis.call('HINCRBY', KEYS[3], 'queued', #KEYS - 4)
redis.call('ZADD', KEYS[4], now, ARGV[1])
if ARGV[3] ~= '0' then
  redis.call('HSET', KEYS[1], 'id', ARGV[1], 'digest', ARGV[2])
  redis.call('EXPIRE', KEYS[1], ARGV[3])
end
return {ARGV[1], 'created'}
