-- Notes that a subscriber has called, if a call of that phone is being waited for.
-- KEYS: 1 record of the wait, 2 open waits (sorted set: phone by ms of the last news)
-- ARGV: 1 phone, 2 now (ms, 0: the server's clock)
-- Returns 1 when it is confirmed with this, else 0.
local now = tonumber(ARGV[2])
if now == 0 then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
local w = redis.call('HMGET', KEYS[1], 'expires', 'confirmed_at', 'late')
redis.call('ZREM', KEYS[2], ARGV[1])
if not w[1] or w[2] or tonumber(w[1]) + tonumber(w[3]) <= now then return 0 end
redis.call('HSET', KEYS[1], 'confirmed_at', now)
return 1
