-- Writes a question down, unless the same one is being asked, or was answered just now, or has the same key.
-- KEYS: 1 record, 2 pointer to the latest record of the same content or key, 3 timer
-- ARGV: 1 id, 2 digest of the content, 3 'key' (the pointer is an idempotency key), or the age in ms up to which
--       another's answer will do ('' for never), 4 ms until nobody waits for the answer any more, 5 ms for which
--       record and pointer are kept, 6 ms after which a wake-up that did nothing is repeated, 7 prefix of records,
--       8 now (ms, 0: the server's clock), then field, value ...
-- Returns {id, 'created' | 'joined' | 'known' | 'same' | 'differs'}.
local now = tonumber(ARGV[8])
if now == 0 then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
if redis.call('EXISTS', KEYS[1]) == 1 then return {ARGV[1], 'created'} end
local deadline = now + tonumber(ARGV[4])
local how = ARGV[3]
if how ~= '' then
  local known = redis.call('HMGET', KEYS[2], 'id', 'digest')
  local record = known[1] and ARGV[7] .. known[1]
  local r = record and redis.call('HMGET', record, 'state', 'answered_at', 'deadline', 'code')
  if r and r[1] then
    local open = r[1] == 'asked' or r[1] == 'asking'
    if open and deadline > tonumber(r[3]) then redis.call('HSET', record, 'deadline', deadline) end
    if how == 'key' then
      if known[2] ~= ARGV[2] then return {known[1], 'differs'} end
      -- Every failure but doubt says that nothing was done: the same key may try again.
      if r[1] ~= 'failed' or r[4] == 'in_doubt' then return {known[1], 'same'} end
    elseif open then
      return {known[1], 'joined'}
    end
    if how ~= 'key' and r[1] == 'answered' and now - tonumber(r[2]) <= tonumber(how) then return {known[1], 'known'} end
  end
end
redis.call('HSET', KEYS[1], 'state', 'asked', 'token', 0, 'created', now, 'deadline', deadline,
  unpack(ARGV, 9))
redis.call('PEXPIRE', KEYS[1], ARGV[5])
redis.call('ZADD', KEYS[3], now + tonumber(ARGV[6]), 'ask|' .. ARGV[1])
if how ~= '' then
  redis.call('HSET', KEYS[2], 'id', ARGV[1], 'digest', ARGV[2])
  redis.call('PEXPIRE', KEYS[2], ARGV[5])
end
return {ARGV[1], 'created'}
