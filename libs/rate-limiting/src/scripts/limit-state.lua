-- How limits lie in Redis; stands in front of every script of this folder.
--
-- rate         string '<at µs>:<debt µs>': GCRA. The theoretical arrival time is at + debt. It is kept as a pair because
--              a double that holds the µs since 1970 has no room left for the fraction of a µs that a unit may cost.
-- ledger       hash {epoch, finish, spent, reserved, pledged}: what was spent from epoch (ms) on, what running requests
--              hold, and what gateways hold for the time when they lose Redis. Beside it a sorted set of leases: member
--              '<reservation id>:<amount>', score = ms at which the lease runs out. The id of a pledge begins with 'pledge-'.
--   calendar   the window ends at finish (ms). Its boundaries come with the charge: Lua has no time zones.
--   rolling    has a field for each slice beside them, named by its number, which holds what of spent was reserved in it;
--              epoch is the beginning of the oldest slice that counts. Leases are '<reservation id>:<slice>:<amount>'.
-- concurrency  sorted set of leases, one member for each unit.
--
-- Lua prints a number above 1e14 as '1e+14', which Redis takes for no integer: everything is printed by `integer`.

local time = redis.call('TIME')
local now_us = tonumber(time[1]) * 1000000 + tonumber(time[2])
local now_ms = math.floor(now_us / 1000)

-- A key outlives its use by this much, so that an eviction by age would hit a cache first.
local GRACE_MS = 60000
-- Somebody else's settlement or lease may free room at any time: come back soon.
local RETRY_SOON_MS = 1000
-- The slices of a rolling window without the present one.
local SLICES = 60
-- A pledge is at most this part of what is left.
local PLEDGE_PART = 100

local function integer(number)
  return string.format('%.0f', number)
end

local rate = {}

function rate.read(charge)
  local value = redis.call('GET', charge.keys[1])
  charge.burst = tonumber(charge.first)
  charge.unit_us = tonumber(charge.second) / charge.max
  charge.tolerance = charge.burst * charge.unit_us
  -- More than all rounding (of a count of units, and of a double that holds an hour), and far less than can be charged.
  charge.epsilon_us = 1e-7 * charge.unit_us + 1e-6
  charge.debt = 0
  if value then
    local at, debt = string.match(value, '^(%d+):(.+)$')
    -- A clock that went back drains nothing, and drains again from here on.
    charge.debt = math.max(0, tonumber(debt) - math.max(0, now_us - tonumber(at)))
  end
end

function rate.check(charge)
  local after = charge.debt + charge.amount * charge.unit_us
  charge.fits = after <= charge.tolerance + charge.epsilon_us
  charge.retry_ms = math.ceil((after - charge.tolerance) / 1000)
  charge.never = charge.amount > charge.burst
end

local function write_debt(charge, debt)
  -- A shadow limit denies nothing; without a cap its debt would grow for ever.
  if charge.shadow then debt = math.min(debt, math.max(charge.debt, charge.tolerance)) end
  charge.debt = math.max(0, debt)
  if charge.debt == 0 then
    redis.call('DEL', charge.keys[1])
  else
    local ttl_ms = math.ceil(charge.debt / 1000) + GRACE_MS
    redis.call('SET', charge.keys[1], integer(now_us) .. ':' .. string.format('%.9f', charge.debt), 'PX', integer(ttl_ms))
  end
end

function rate.take(charge)
  if charge.amount > 0 then write_debt(charge, charge.debt + charge.amount * charge.unit_us) end
end

-- Unconditional: what was really used is owed, even beyond the limit.
function rate.settle(charge)
  if charge.actual ~= charge.amount then
    write_debt(charge, charge.debt + (charge.actual - charge.amount) * charge.unit_us)
  end
end

function rate.status(charge)
  local left = math.floor((charge.tolerance - charge.debt + charge.epsilon_us) / charge.unit_us)
  local used = math.max(0, math.ceil((charge.debt - charge.epsilon_us) / charge.unit_us))
  return used, left, math.ceil(charge.debt / 1000)
end

local function lease_amount(member)
  return tonumber(string.match(member, ':(%d+)$'))
end

-- The field that counts what a reservation holds.
local function held_field(id)
  return string.sub(id, 1, 7) == 'pledge-' and 'pledged' or 'reserved'
end

local NONE = {}

-- What calendar and rolling ledgers have in common. Reading changes nothing: `stale` says that the first write has to write
-- everything, `fresh` that leases of a former life or window have to go.
local function load_ledger(charge)
  local stored = redis.call('HMGET', charge.keys[1], 'epoch', 'finish', 'spent', 'reserved', 'pledged')
  charge.missing = not stored[1]
  charge.epoch, charge.stored_finish = tonumber(stored[1] or 0), tonumber(stored[2] or 0)
  charge.spent, charge.reserved, charge.pledged = tonumber(stored[3] or 0), tonumber(stored[4] or 0), tonumber(stored[5] or 0)
  charge.stale, charge.fresh = charge.missing, charge.missing
  charge.expired, charge.gone, charge.moved = NONE, NONE, NONE
end

-- Leases that ran out count as spent; `on_spent` is told of each.
local function expire_leases(charge, on_spent)
  if charge.reserved + charge.pledged == 0 then return end
  charge.expired = redis.call('ZRANGEBYSCORE', charge.keys[2], '-inf', integer(now_ms))
  for _, member in ipairs(charge.expired) do
    local held = held_field(member)
    charge[held] = math.max(0, charge[held] - lease_amount(member))
    on_spent(charge, member, lease_amount(member))
    charge.stale = true
  end
end

local function check_ledger(charge, id)
  local left = charge.max - charge.spent - charge.reserved - charge.pledged
  if held_field(id) == 'pledged' then left = math.floor(left / PLEDGE_PART) end
  charge.fits = charge.amount <= left
  charge.never = charge.amount > charge.max
  charge.retry_ms = 0
  if not charge.fits then
    charge.retry_ms = charge.kind.room_after_ms(charge)
    if charge.spent + charge.amount <= charge.max then charge.retry_ms = math.min(charge.retry_ms, RETRY_SOON_MS) end
  end
end

-- Has to come before the first change of a ledger.
local function tidy_ledger(charge)
  if charge.fresh then redis.call('DEL', charge.keys[2]) end
  for _, member in ipairs(charge.expired) do redis.call('ZREM', charge.keys[2], member) end
  for _, slice in ipairs(charge.gone) do redis.call('HDEL', charge.keys[1], slice) end
  for _, move in ipairs(charge.moved) do redis.call('HINCRBY', charge.keys[1], integer(move.slice), integer(move.amount)) end
end

local function write_ledger(charge, held)
  local spent = integer(charge.spent)
  if not charge.stale then
    redis.call('HSET', charge.keys[1], 'spent', spent, held, integer(charge[held]))
    return
  end
  local epoch, finish = integer(charge.epoch), integer(charge.finish)
  local reserved, pledged = integer(charge.reserved), integer(charge.pledged)
  redis.call('HSET', charge.keys[1], 'epoch', epoch, 'finish', finish, 'spent', spent, 'reserved', reserved, 'pledged', pledged)
  redis.call('PEXPIREAT', charge.keys[1], integer(charge.expires_ms))
  redis.call('PEXPIREAT', charge.keys[2], integer(charge.expires_ms))
end

local function take_ledger(charge, id, lease_ms, reserved_at_ms)
  if charge.amount == 0 then return end
  tidy_ledger(charge)
  local held = held_field(id)
  redis.call('ZADD', charge.keys[2], integer(now_ms + lease_ms), charge.kind.member(charge, id, reserved_at_ms or now_ms))
  -- The set is gone with its last lease; that of a calendar window keeps the end that the first lease gave it.
  if charge.slice_ms or charge.reserved + charge.pledged == 0 then
    redis.call('PEXPIREAT', charge.keys[2], integer(charge.expires_ms))
  end
  charge[held] = charge[held] + charge.amount
  write_ledger(charge, held)
end

local function settle_ledger(charge, id, reserved_at_ms)
  local held, change = held_field(id), charge.actual
  if charge.missing and change == 0 then return end
  tidy_ledger(charge)
  if redis.call('ZREM', charge.keys[2], charge.kind.member(charge, id, reserved_at_ms or now_ms)) == 1 then
    charge[held] = math.max(0, charge[held] - charge.amount)
  elseif reserved_at_ms and not charge.missing then
    -- The lease ran out and its amount was counted as spent.
    change = charge.actual - charge.amount
  end
  -- Else this Redis never heard of the reservation (its data was lost, or a gateway decided alone): all of it is new.
  charge.kind.spend(charge, change, reserved_at_ms or now_ms)
  write_ledger(charge, held)
end

-- Whether the lease was still there.
local function renew_ledger(charge, id, until_ms, reserved_at_ms)
  local member = charge.kind.member(charge, id, reserved_at_ms)
  local held_until = redis.call('ZSCORE', charge.keys[2], member)
  if not held_until or tonumber(held_until) <= now_ms then return false end
  redis.call('ZADD', charge.keys[2], 'XX', until_ms, member)
  redis.call('PEXPIREAT', charge.keys[1], integer(charge.expires_ms))
  redis.call('PEXPIREAT', charge.keys[2], integer(charge.expires_ms))
  return true
end

local calendar = { is_ledger = true, check = check_ledger, take = take_ledger, renew = renew_ledger }

-- Start and end of the window that contains the present.
local function calendar_window(start, finish, others)
  start, finish = tonumber(start), tonumber(finish)
  if now_ms >= start and now_ms < finish then return start, finish end
  local previous, after = string.match(others, '^:(%d+):(%d+)$')
  if now_ms < start then
    start, finish = tonumber(previous), start
  else
    start, finish = finish, tonumber(after)
  end
  if now_ms < start or now_ms >= finish then error('the clock of the caller is off by more than a window') end
  return start, finish
end

local function spend_in_window(charge, _, amount)
  charge.spent = charge.spent + amount
end

function calendar.read(charge)
  local start, finish = calendar_window(charge.first, charge.second, charge.others)
  load_ledger(charge)
  -- A window ends where it was to end when it began. Where another time zone has been set since, it goes on to the next
  -- boundary of that one, so that what was spent is not forgotten.
  local stored_finish = math.max(charge.stored_finish, charge.epoch + 1)
  if charge.missing or start >= stored_finish then
    charge.epoch, charge.finish, charge.stale, charge.fresh = start, finish, true, true
    charge.spent, charge.reserved, charge.pledged = 0, 0, 0
  else
    charge.finish = now_ms < stored_finish and stored_finish or finish
    charge.stale = charge.finish ~= stored_finish
    expire_leases(charge, spend_in_window)
  end
  charge.expires_ms = charge.finish + GRACE_MS
end

function calendar.room_after_ms(charge)
  return charge.finish - now_ms
end

function calendar.member(charge, id)
  return id .. ':' .. integer(charge.amount)
end

function calendar.spend(charge, amount)
  charge.spent = math.max(0, charge.spent + amount)
end

function calendar.settle(charge, id, reserved_at_ms)
  -- Held in a window that is over: it belongs there.
  if reserved_at_ms and reserved_at_ms < charge.epoch then return end
  settle_ledger(charge, id, reserved_at_ms)
end

function calendar.status(charge)
  local used = charge.spent + charge.reserved
  return used, charge.max - used - charge.pledged, charge.finish - now_ms
end

local rolling = { is_ledger = true, check = check_ledger, take = take_ledger, settle = settle_ledger, renew = renew_ledger }

local function slice_of(charge, ms)
  return math.floor(ms / charge.slice_ms)
end

-- What each slice holds, by its number.
local function read_slices(charge)
  local fields, slices = redis.call('HGETALL', charge.keys[1]), {}
  for at = 1, #fields, 2 do
    if string.match(fields[at], '^%d+$') then slices[tonumber(fields[at])] = tonumber(fields[at + 1]) end
  end
  return slices
end

local function spend_in_slice(charge, member, amount)
  local slice = tonumber(string.match(member, ':(%d+):%d+$'))
  if slice * charge.slice_ms < charge.epoch then return end
  charge.spent = charge.spent + amount
  charge.moved[#charge.moved + 1] = { slice = slice, amount = amount }
end

function rolling.read(charge)
  charge.slice_ms = tonumber(charge.first)
  local slice = slice_of(charge, now_ms)
  local oldest = (slice - SLICES) * charge.slice_ms
  charge.finish = (slice + 1) * charge.slice_ms
  charge.expires_ms = charge.finish + (SLICES + 1) * charge.slice_ms + GRACE_MS
  load_ledger(charge)
  charge.gone, charge.moved = {}, {}
  if charge.missing then
    charge.epoch = oldest
  elseif charge.epoch < oldest then
    charge.epoch, charge.spent, charge.stale = oldest, 0, true
    for number, spent in pairs(read_slices(charge)) do
      if number * charge.slice_ms < oldest then
        charge.gone[#charge.gone + 1] = integer(number)
      else
        charge.spent = charge.spent + spent
      end
    end
  end
  expire_leases(charge, spend_in_slice)
end

-- Until enough slices have left the window.
function rolling.room_after_ms(charge)
  local slices, numbers = read_slices(charge), {}
  for _, move in ipairs(charge.moved) do slices[move.slice] = (slices[move.slice] or 0) + move.amount end
  for number in pairs(slices) do numbers[#numbers + 1] = number end
  table.sort(numbers)
  local over = charge.spent + charge.amount - charge.max
  for _, number in ipairs(numbers) do
    if number * charge.slice_ms >= charge.epoch then over = over - slices[number] end
    if over <= 0 then return math.max(0, (number + SLICES + 1) * charge.slice_ms - now_ms) end
  end
  return charge.finish + SLICES * charge.slice_ms - now_ms
end

function rolling.member(charge, id, reserved_at_ms)
  return id .. ':' .. integer(slice_of(charge, reserved_at_ms)) .. ':' .. integer(charge.amount)
end

-- What was reserved in a slice is spent in it, so that it leaves the window no earlier than it was admitted plus the window.
function rolling.spend(charge, amount, reserved_at_ms)
  local slice = slice_of(charge, reserved_at_ms)
  if slice * charge.slice_ms < charge.epoch or amount == 0 then return end
  local before = tonumber(redis.call('HGET', charge.keys[1], integer(slice)) or 0)
  local after = math.max(0, before + amount)
  redis.call('HSET', charge.keys[1], integer(slice), integer(after))
  charge.spent = math.max(0, charge.spent + after - before)
end

function rolling.status(charge)
  local used = charge.spent + charge.reserved
  local reset_ms = used + charge.pledged > 0 and charge.finish + SLICES * charge.slice_ms - now_ms or 0
  return used, charge.max - used - charge.pledged, reset_ms
end

local concurrency = {}

function concurrency.read(charge)
  charge.count = redis.call('ZCOUNT', charge.keys[1], '(' .. integer(now_ms), '+inf')
  charge.fits = charge.count + charge.amount <= charge.max
  charge.retry_ms = RETRY_SOON_MS
  charge.never = charge.amount > charge.max
end

function concurrency.check() end

function concurrency.take(charge, id, lease_ms)
  redis.call('ZREMRANGEBYSCORE', charge.keys[1], '-inf', integer(now_ms))
  for unit = 1, charge.amount do
    redis.call('ZADD', charge.keys[1], integer(now_ms + lease_ms), id .. ':' .. integer(unit))
  end
  redis.call('PEXPIRE', charge.keys[1], integer(lease_ms + GRACE_MS))
  charge.count = charge.count + charge.amount
end

function concurrency.settle(charge, id)
  for unit = 1, charge.amount do redis.call('ZREM', charge.keys[1], id .. ':' .. integer(unit)) end
end

function concurrency.status(charge)
  local last = redis.call('ZRANGE', charge.keys[1], -1, -1, 'WITHSCORES')
  return charge.count, charge.max - charge.count, math.max(0, tonumber(last[2] or 0) - now_ms)
end

local kinds = { rate = rate, calendar = calendar, rolling = rolling, concurrency = concurrency }

-- kind:flags:amount:actual:max, then of a rate :burst:µs of its window, of a rolling ledger :ms of a slice, and of a calendar
-- one its boundaries in ms :start:end:start of the window before:end of the one after.
-- Flags: s for shadow, k for a ledger that must be known to be complete.
local CHARGE = '^(%a+):(%a*):(%d+):(%d+):(%d+):?(%d*):?(%d*)(.*)$'

-- The charges of a call: an argument each from `first` on; a ledger owns two keys, the others one.
local function read_charges(first_key, first_argument)
  local charges, key = {}, first_key
  for argument = first_argument, #ARGV do
    local kind, flags, amount, actual, max, first, second, others = string.match(ARGV[argument], CHARGE)
    local charge = {
      kind = kinds[kind],
      shadow = flags == 's',
      must_be_known = flags == 'k',
      amount = tonumber(amount),
      actual = tonumber(actual),
      max = tonumber(max),
      first = first,
      second = second,
      others = others,
      keys = { KEYS[key], KEYS[key + 1] },
    }
    key = key + (charge.kind.is_ledger and 2 or 1)
    charge.kind.read(charge)
    charges[#charges + 1] = charge
  end
  return charges
end
