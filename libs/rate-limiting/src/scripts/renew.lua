-- Prolongs the leases of a request that still runs; one that ran out stays spent. A reservation that this Redis never heard of,
-- because its data was lost, is held again, once; rates are not charged again. One that is settled stays settled.
-- KEYS: the reservation's marker, then the keys of the charges.
-- ARGV: reservation id, lease ms, marker's life ms, ms since it was reserved, charges.
-- Returns 1, or 0 when a ledger does not hold the lease any more.
local id, lease_ms, marker_ms = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local marker = redis.call('GET', KEYS[1])
if marker == 'settled' then return 0 end

local until_ms = now_ms + lease_ms
local reserved_at_ms = marker and tonumber(marker) or now_ms - tonumber(ARGV[4])
local all_held, keeps_ledger = 1, false
for _, charge in ipairs(read_charges(2, 5)) do
  if charge.kind.is_ledger then
    keeps_ledger = true
    local held = charge.kind.renew(charge, id, integer(until_ms), reserved_at_ms)
    if not held and not marker then held = charge.kind.restore(charge, id, lease_ms, reserved_at_ms) end
    if not held and charge.amount > 0 then all_held = 0 end
  elseif charge.kind == concurrency then
    concurrency.renew(charge, id, until_ms, marker)
  end
end
if keeps_ledger and not marker then redis.call('SET', KEYS[1], integer(reserved_at_ms), 'PX', marker_ms) end
return all_held
