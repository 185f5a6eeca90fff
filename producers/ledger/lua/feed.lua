-- Opens planned batches of a campaign up to its window and gives each one a timer entry.
-- KEYS: 1 campaign, 2 open batches, 3 timer, 4 gauges, 5 prefix of batch keys
-- ARGV: 1 campaign id, 2 window, 3 ms after which a wake-up that did nothing is repeated,
--       4 ms to the next feeding, 5 now (ms, 0: the server's clock)
-- Returns {lane, batch id ...}; {} when there is nothing to wake.
local now = tonumber(ARGV[5])
if now == 0 then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
local c = redis.call('HMGET', KEYS[1], 'state', 'start_at', 'next', 'planned', 'lane', 'complete')
local entry = 'feed|' .. ARGV[1]
local state = c[1]
if state == 'planned' and c[6] == '1' and now >= tonumber(c[2]) then
  redis.call('HSET', KEYS[1], 'state', 'running')
  state = 'running'
end
if state == 'planned' and c[6] == '1' then redis.call('ZADD', KEYS[3], c[2], entry) return {} end
if state ~= 'running' then redis.call('ZREM', KEYS[3], entry) return {} end
local first, planned = tonumber(c[3]), tonumber(c[4])
local room = tonumber(ARGV[2]) - redis.call('SCARD', KEYS[2])
local last = math.min(planned, first + room) - 1
local woken = {c[5]}
for n = first, last do
  local id = ARGV[1] .. '.' .. n
  redis.call('HSET', KEYS[5] .. id, 'state', 'queued')
  redis.call('SADD', KEYS[2], id)
  redis.call('ZADD', KEYS[3], now + tonumber(ARGV[3]), 'send|' .. id)
  woken[#woken + 1] = id
end
local opened = #woken - 1
if opened > 0 then
  redis.call('HSET', KEYS[1], 'next', first + opened)
  redis.call('HINCRBY', KEYS[4], 'planned', -opened)
  redis.call('HINCRBY', KEYS[4], 'queued', opened)
end
if first + opened < planned then
  redis.call('ZADD', KEYS[3], now + tonumber(ARGV[4]), entry)
else
  redis.call('ZREM', KEYS[3], entry)
end
if opened == 0 then return {} end
return woken
