-- Begins to wait for a subscriber's call.
-- KEYS: 1 record of the wait, 2 open waits (sorted set: phone by ms of the last news), 3 timer
-- ARGV: 1 phone, 2 account, 3 number to call, 4 all numbers (JSON), 5 ms for which it is waited, 6 ms for which the
--       record is kept after that, 7 ms to the first look for it, 8 ms after the end for which news of it may still come
-- Returns 1.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local expires = now + tonumber(ARGV[5])
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'number', ARGV[3], 'numbers', ARGV[4], 'expires', expires,
  'late', ARGV[8])
redis.call('PEXPIRE', KEYS[1], tonumber(ARGV[5]) + tonumber(ARGV[6]))
redis.call('ZADD', KEYS[2], expires + tonumber(ARGV[8]), ARGV[1])
-- A look that is planned already comes as planned.
redis.call('ZADD', KEYS[3], 'NX', now + tonumber(ARGV[7]), 'confirm|' .. ARGV[2])
return 1
