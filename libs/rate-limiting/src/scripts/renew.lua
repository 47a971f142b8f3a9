-- Prolongs the leases of a request that still runs; one that ran out stays spent. A reservation that this Redis never heard of,
-- because its data was lost, is held again, once; rates are not charged again. One that is settled stays settled.
-- KEYS: the reservation's marker, then the keys of the charges.
-- ARGV: reservation id, lease ms, marker's life ms, ms since it was reserved, charges.
-- Returns 1, or 0 when a ledger does not hold the lease any more.
local id, lease_ms, marker_ms = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local marker = redis.call('GET', KEYS[1])
if marker == 'settled' then return 0 end

local until_ms = integer(now_ms + lease_ms)
local reserved_at_ms = marker and tonumber(marker) or now_ms - tonumber(ARGV[4])

-- Nothing is checked: it was admitted. What was reserved in a window that is over does not belong here.
local function restore(charge)
  if marker or reserved_at_ms < charge.epoch then return false end
  charge.kind.take(charge, id, lease_ms, reserved_at_ms)
  return true
end

-- Without a marker nobody knows whether places were lost or ran out: the request runs, so it has them again. CH changes nothing.
local function renew_places(charge)
  for unit = 1, charge.amount do
    redis.call('ZADD', charge.keys[1], marker and 'XX' or 'CH', until_ms, id .. ':' .. integer(unit))
  end
  redis.call('PEXPIRE', charge.keys[1], integer(lease_ms + GRACE_MS))
end

local all_held, keeps_ledger = 1, false
for _, charge in ipairs(read_charges(2, 5)) do
  if charge.kind.is_ledger then
    keeps_ledger = true
    local held = charge.kind.renew(charge, id, until_ms, reserved_at_ms) or restore(charge)
    if not held and charge.amount > 0 then all_held = 0 end
  elseif charge.kind == concurrency then
    renew_places(charge)
  end
end
if keeps_ledger and not marker then redis.call('SET', KEYS[1], integer(reserved_at_ms), 'PX', marker_ms) end
return all_held
