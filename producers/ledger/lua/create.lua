-- Creates a campaign under a name, or finds the one that has it; safe to repeat.
-- KEYS: 1 names, 2 campaign, 3 campaigns
-- ARGV: 1 name, 2 id, 3 digest of everything that decides what is sent, 4 now (ms, 0: the server's clock),
--       then field, value ...
-- Returns {id, 'created' | 'same' | 'differs'}.
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known then
  local key = string.sub(KEYS[2], 1, -(#ARGV[2] + 1)) .. known
  local digest = redis.call('HGET', key, 'digest')
  return {known, digest == ARGV[3] and 'same' or 'differs'}
end
local now = tonumber(ARGV[4])
if now == 0 then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('HSET', KEYS[2], 'digest', ARGV[3], 'state', 'planned', 'name', ARGV[1], 'created', now,
  'planned', 0, 'next', 0, unpack(ARGV, 5))
redis.call('ZADD', KEYS[3], now, ARGV[2])
return {ARGV[2], 'created'}
