-- Ends a campaign's planning and puts it on the timer; safe to repeat.
-- KEYS: 1 campaign, 2 timer
-- ARGV: 1 campaign id, 2 number of batches the file gave, 3 rejected rows, 4 duplicate rows,
--       5 start at (ms, 0: now), 6 now (ms, 0: the server's clock)
-- Returns 'started'; 'same' (was started before); 'differs' (the file now gives fewer batches); 'gone'.
local state = redis.call('HGET', KEYS[1], 'state')
if not state then return 'gone' end
if tonumber(redis.call('HGET', KEYS[1], 'planned')) ~= tonumber(ARGV[2]) then return 'differs' end
if redis.call('HGET', KEYS[1], 'complete') == '1' then return 'same' end
local now = tonumber(ARGV[6])
if now == 0 then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
local at = math.max(tonumber(ARGV[5]), now)
redis.call('HSET', KEYS[1], 'complete', 1, 'duplicates', ARGV[4], 'n.rejected', ARGV[3], 'start_at', at)
redis.call('HINCRBY', KEYS[1], 'n.total', ARGV[3])
if state == 'planned' then redis.call('ZADD', KEYS[2], at, 'feed|' .. ARGV[1]) end
return 'started'
