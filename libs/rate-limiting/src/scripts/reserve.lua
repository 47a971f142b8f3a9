-- Takes every charge of a request or none, in one step.
-- KEYS: the reservation's marker, the keys of the charges, then, if a ledger must be known, what says that all are.
-- ARGV: reservation id, lease ms, marker's life ms, charges.
-- Returns {allowed, index of the charge that denied, retry after ms or -1 for never,
--          then for each charge: remaining, reset after ms, 1 if it did not fit},
-- or {2} when nothing was taken: a ledger must be known and is not, or the reservation was withdrawn before this call came through.
local id, lease_ms, marker_ms = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local charges = read_charges(2, 4)

local denied, retry_ms, keeps_ledger, keeps_places, must_be_known = 0, 0, false, false, false
for index, charge in ipairs(charges) do
  charge.kind.check(charge, id)
  keeps_ledger = keeps_ledger or charge.kind.is_ledger
  keeps_places = keeps_places or charge.kind == concurrency
  must_be_known = must_be_known or charge.must_be_known
  if not charge.fits and not charge.shadow then
    local wait_ms = charge.never and math.huge or charge.retry_ms
    if denied == 0 or wait_ms > retry_ms then denied, retry_ms = index, wait_ms end
  end
end
if must_be_known and redis.call('EXISTS', KEYS[#KEYS]) == 0 then return { 2 } end

-- The marker also tells a late settlement that the lease was once here, and when. Rates alone need none: they drain.
local function withdrawn()
  if keeps_ledger then return not redis.call('SET', KEYS[1], integer(now_ms), 'PX', marker_ms, 'NX') end
  return keeps_places and redis.call('EXISTS', KEYS[1]) == 1
end

if denied == 0 then
  if withdrawn() then return { 2 } end
  for _, charge in ipairs(charges) do
    charge.kind.take(charge, id, lease_ms)
  end
end

local reply = { denied == 0 and 1 or 0, denied, retry_ms == math.huge and -1 or retry_ms }
for _, charge in ipairs(charges) do
  local _, left, reset_ms = charge.kind.status(charge)
  reply[#reply + 1] = math.max(0, left)
  reply[#reply + 1] = reset_ms
  reply[#reply + 1] = charge.fits and 0 or 1
end
return reply
