-- Takes what is due off the timer for one worker process. Each entry is put back a little later in the same
-- step, so that a process that dies with it in hand only delays it.
-- KEYS: 1 timer, 2 prefix of batch keys
-- ARGV: 1 most entries to take, 2 ms to put an entry back by, 3 now (ms, 0: the server's clock)
-- Returns {kind, id, lane, ms overdue, ...}; lane is empty for a campaign to feed, 'status' for look-ups
-- and polls, 'control' for questions and subscribers' calls.
local now = tonumber(ARGV[3])
if now == 0 then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'WITHSCORES', 'LIMIT', 0, ARGV[1])
local taken = {}
for i = 1, #due, 2 do
  local entry = due[i]
  local bar = string.find(entry, '|', 1, true)
  local kind, id = string.sub(entry, 1, bar - 1), string.sub(entry, bar + 1)
  local lane = ''
  if kind == 'reconcile' or kind == 'poll' then
    lane = 'status'
  elseif kind == 'ask' or kind == 'confirm' then
    lane = 'control'
  elseif kind ~= 'feed' then
    lane = redis.call('HGET', KEYS[2] .. id, 'lane')
  end
  if lane then
    redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), entry)
    taken[#taken + 1] = kind
    taken[#taken + 1] = id
    taken[#taken + 1] = lane
    taken[#taken + 1] = now - math.floor(tonumber(due[i + 1]))
  else
    redis.call('ZREM', KEYS[1], entry)
  end
end
return taken
