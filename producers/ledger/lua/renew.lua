#!lua flags=allow-oom
-- Runs on a full server too: what was paid for must be written down.
-- Lengthens the lease of a batch that is still in its owner's hands.
-- KEYS: 1 batch, 2 timer
-- ARGV: 1 batch id, 2 fencing token, 3 lease in ms, 4 now (ms, 0: the server's clock)
-- Returns 1, or 0 when the batch is no longer this owner's to work on.
local b = redis.call('HMGET', KEYS[1], 'state', 'token')
if b[2] ~= ARGV[2] or (b[1] ~= 'claimed' and b[1] ~= 'sending') then return 0 end
local now = tonumber(ARGV[4])
if now == 0 then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
local lease = now + tonumber(ARGV[3])
redis.call('HSET', KEYS[1], 'lease', lease)
redis.call('ZADD', KEYS[2], lease, 'send|' .. ARGV[1])
return 1
