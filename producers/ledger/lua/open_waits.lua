-- Counts the subscribers' calls that may still come, and drops those whose time is over.
-- KEYS: 1 open waits (sorted set: phone by ms of the end)
-- ARGV: 1 ms after the end for which news of a call may still come
-- Returns how many.
local t = redis.call('TIME')
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', t[1] * 1000 - tonumber(ARGV[1]))
return redis.call('ZCARD', KEYS[1])
