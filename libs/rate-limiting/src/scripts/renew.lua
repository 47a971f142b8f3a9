-- Prolongs the leases of a request that still runs; one that ran out stays spent.
-- KEYS: the keys of the charges. ARGV: reservation id, lease ms, charges.
local id, until_ms = ARGV[1], integer(now_ms + tonumber(ARGV[2]))
local ttl_ms = integer(tonumber(ARGV[2]) + GRACE_MS)
for _, charge in ipairs(read_charges(1, 3)) do
  if charge.is_ledger then
    local member = id .. ':' .. integer(charge.amount)
    local held_until = redis.call('ZSCORE', charge.keys[2], member)
    if held_until and tonumber(held_until) > now_ms then redis.call('ZADD', charge.keys[2], 'XX', until_ms, member) end
  elseif charge.kind == concurrency then
    for unit = 1, charge.amount do redis.call('ZADD', charge.keys[1], 'XX', until_ms, id .. ':' .. integer(unit)) end
    redis.call('PEXPIRE', charge.keys[1], ttl_ms)
  end
end
return 1
