-- Cancels batches of a cancelled campaign that have not been sent, a stretch of them in each call.
-- KEYS: 1 campaign, 2 open batches, 3 timer, 4 gauges, 5 prefix of batch keys, 6 totals
-- ARGV: 1 campaign id, 2 first n, 3 how many, 4 result row of a cancelled recipient,
--       5 now (ms, 0: the server's clock)
-- Returns {batches looked at, batches still in a worker's hands}.
if redis.call('HGET', KEYS[1], 'state') ~= 'cancelled' then return {0, 0} end
local now = tonumber(ARGV[5])
if now == 0 then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
local first = tonumber(ARGV[2])
local last = math.min(tonumber(redis.call('HGET', KEYS[1], 'planned')), first + tonumber(ARGV[3])) - 1
local busy, cancelled = 0, 0
for n = first, last do
  local id = ARGV[1] .. '.' .. n
  local key = KEYS[5] .. id
  local b = redis.call('HMGET', key, 'state', 'lease', 'n', 'token', 'rev', 'results')
  local state = b[1]
  if state == 'planned' or state == 'queued' or (state == 'claimed' and tonumber(b[2]) <= now) then
    -- Who was taken in an attempt that the provider knew in part stays taken.
    local results, pending = b[6] or '', tonumber(b[3])
    if results == '' then
      results = string.rep(ARGV[4], pending)
    else
      local width, rows = #ARGV[4], {}
      pending = 0
      for at = 1, #results, width do
        local row = string.sub(results, at, at + width - 1)
        if string.byte(row) == 0 then row, pending = ARGV[4], pending + 1 end
        rows[#rows + 1] = row
      end
      results = table.concat(rows)
    end
    redis.call('HSET', key, 'state', 'cancelled', 'changed', now, 'token', tonumber(b[4]) + 1,
      'rev', tonumber(b[5]) + 1, 'results', results)
    redis.call('HINCRBY', KEYS[1], 'n.pending', -pending)
    redis.call('HINCRBY', KEYS[1], 'n.cancelled', pending)
    cancelled = cancelled + pending
    redis.call('HINCRBY', KEYS[4], state, -1)
    redis.call('HINCRBY', KEYS[4], 'cancelled', 1)
    redis.call('SREM', KEYS[2], id)
    redis.call('ZREM', KEYS[3], 'send|' .. id)
  elseif state == 'claimed' or state == 'sending' then
    busy = busy + 1
  end
end
if cancelled > 0 then
  local of = redis.call('HMGET', KEYS[1], 'account', 'lane')
  redis.call('HINCRBY', KEYS[6], 'smsq_recipients_total|account=' .. (of[1] or '') .. ',lane=' .. (of[2] or '')
    .. ',outcome=cancelled', cancelled)
end
return {math.max(last - first + 1, 0), busy}
