-- Pauses, resumes or begins to cancel a campaign.
-- KEYS: 1 campaign, 2 open batches, 3 timer
-- ARGV: 1 campaign id, 2 new state (paused, running, cancelled), 3 now (ms, 0: the server's clock)
-- Returns {'done', state} or {'refused', present state}; {'gone'}.
local c = redis.call('HMGET', KEYS[1], 'state', 'complete', 'start_at')
local state, new = c[1], ARGV[2]
if not state then return {'gone'} end
if state == new then return {'done', state} end
local allowed = {
  paused = {planned = true, running = true},
  running = {paused = true},
  cancelled = {planned = true, running = true, paused = true},
}
if not allowed[new][state] then return {'refused', state} end
local now = tonumber(ARGV[3])
if now == 0 then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
local feed = 'feed|' .. ARGV[1]
if new == 'running' then
  -- A campaign that was paused before its file was read, or before its time, goes back to waiting for that.
  if c[2] ~= '1' or now < tonumber(c[3]) then new = 'planned' end
  if c[2] == '1' then redis.call('ZADD', KEYS[3], math.max(now, tonumber(c[3])), feed) end
  for _, id in ipairs(redis.call('SMEMBERS', KEYS[2])) do
    redis.call('ZADD', KEYS[3], 'NX', now, 'send|' .. id)
  end
else
  redis.call('ZREM', KEYS[3], feed)
end
redis.call('HSET', KEYS[1], 'state', new)
return {'done', new}
