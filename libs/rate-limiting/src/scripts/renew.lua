-- Prolongs the leases of a request that still runs; one that ran out stays spent.
-- KEYS: the reservation's marker, then the keys of the charges. ARGV: reservation id, lease ms, charges.
-- Returns 1, or 0 when a ledger does not hold the lease any more.
local id, until_ms = ARGV[1], integer(now_ms + tonumber(ARGV[2]))
local ttl_ms = integer(tonumber(ARGV[2]) + GRACE_MS)
local reserved_at_ms = tonumber(redis.call('GET', KEYS[1]) or '')
local all_held = 1
for _, charge in ipairs(read_charges(2, 3)) do
  if charge.kind.is_ledger then
    local held = reserved_at_ms and charge.kind.renew(charge, id, until_ms, reserved_at_ms)
    if not held and charge.amount > 0 then all_held = 0 end
  elseif charge.kind == concurrency then
    for unit = 1, charge.amount do redis.call('ZADD', charge.keys[1], 'XX', until_ms, id .. ':' .. integer(unit)) end
    redis.call('PEXPIRE', charge.keys[1], ttl_ms)
  end
end
return all_held
