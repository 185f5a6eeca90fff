-- Moves a question on, if the token still counts.
-- KEYS: 1 record, 2 timer
-- ARGV: 1 id, 2 token, 3 new state ('asked', 'asking', 'answered', 'failed'), 4 ms to its next step ('' takes it off
--       the timer, '-' leaves the timer alone), 5 now (ms, 0: the server's clock), then field, value ...
-- Returns 1, or 0 when somebody else has it.
local now = tonumber(ARGV[5])
if now == 0 then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
local r = redis.call('HMGET', KEYS[1], 'token', 'state')
if r[1] ~= ARGV[2] or (r[2] ~= 'asking' and r[2] ~= ARGV[3]) then return 0 end
redis.call('HSET', KEYS[1], 'state', ARGV[3], unpack(ARGV, 6))
if ARGV[3] == 'answered' or ARGV[3] == 'failed' then redis.call('HSET', KEYS[1], 'answered_at', now) end
local entry = 'ask|' .. ARGV[1]
if ARGV[4] == '' then
  redis.call('ZREM', KEYS[2], entry)
elseif ARGV[4] ~= '-' then
  redis.call('ZADD', KEYS[2], now + tonumber(ARGV[4]), entry)
end
return 1
