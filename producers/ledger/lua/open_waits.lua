-- Counts the subscribers' calls that may still come, and drops those whose time is over.
-- KEYS: 1 open waits (sorted set: phone by ms of the last news)
-- ARGV: 1 now (ms, 0: the server's clock)
-- Returns how many.
local now = tonumber(ARGV[1])
if now == 0 then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
return redis.call('ZCARD', KEYS[1])
