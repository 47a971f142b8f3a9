-- How limits lie in Redis; stands in front of every script of this folder.
--
-- rate         string '<at µs>:<debt µs>': GCRA. The theoretical arrival time is at + debt. It is kept as a pair because
--              a double that holds the µs since 1970 has no room left for the fraction of a µs that a unit may cost.
-- ledger       hash {epoch, spent, reserved}; epoch is the start of the window in ms. Beside it a sorted set of leases:
--              member '<reservation id>:<amount>', score = ms at which the lease runs out.
-- concurrency  sorted set of leases, one member for each unit.
--
-- Lua prints a number above 1e14 as '1e+14', which Redis takes for no integer: everything is printed by `integer`.

local time = redis.call('TIME')
local now_us = tonumber(time[1]) * 1000000 + tonumber(time[2])
local now_ms = math.floor(now_us / 1000)

local HOUR_MS = 3600000
local DAY_MS = 86400000
local RATE_WINDOW_US = { second = 1000000, minute = 60000000, hour = 3600000000 }
-- A key outlives its use by this much, so that an eviction by age would hit a cache first.
local GRACE_MS = 60000
-- Somebody else's settlement or lease may free room at any time: come back soon.
local RETRY_SOON_MS = 1000

local function integer(number)
  return string.format('%.0f', number)
end

-- Days since 1970 of the first day of the month that contains the day (Howard Hinnant, "chrono-compatible date algorithms").
local function first_of_month(day)
  local shifted = day + 719468
  local of_era = shifted % 146097
  local year = math.floor(
    (of_era - math.floor(of_era / 1460) + math.floor(of_era / 36524) - math.floor(of_era / 146096)) / 365
  )
  local of_year = of_era - (365 * year + math.floor(year / 4) - math.floor(year / 100))
  local month = math.floor((5 * of_year + 2) / 153)
  return day - (of_year - math.floor((153 * month + 2) / 5))
end

-- Start and end (ms, UTC) of the calendar window that contains the time.
local function calendar_window(window, ms)
  local day = math.floor(ms / DAY_MS)
  if window == 'hour' then
    local start = ms - ms % HOUR_MS
    return start, start + HOUR_MS
  elseif window == 'day' then
    return day * DAY_MS, (day + 1) * DAY_MS
  elseif window == 'week' then
    local monday = day - (day + 3) % 7
    return monday * DAY_MS, (monday + 7) * DAY_MS
  end
  local first = first_of_month(day)
  return first * DAY_MS, first_of_month(first + 31) * DAY_MS
end

local function lease_amount(member)
  return tonumber(string.match(member, ':(%d+)$'))
end

local rate = {}

function rate.read(charge)
  local value = redis.call('GET', charge.keys[1])
  charge.unit_us = RATE_WINDOW_US[charge.window] / charge.max
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

local ledger = {}

function ledger.read(charge)
  local start = calendar_window(charge.window, now_ms)
  local stored = redis.call('HMGET', charge.keys[1], 'epoch', 'spent', 'reserved')
  charge.epoch = tonumber(stored[1] or -1)
  charge.rolled = charge.epoch < start
  charge.spent, charge.reserved, charge.expired = 0, 0, {}
  if charge.rolled then
    charge.epoch = start
  else
    charge.spent, charge.reserved = tonumber(stored[2]), tonumber(stored[3])
    charge.expired = redis.call('ZRANGEBYSCORE', charge.keys[2], '-inf', integer(now_ms))
    for _, member in ipairs(charge.expired) do
      charge.spent = charge.spent + lease_amount(member)
      charge.reserved = charge.reserved - lease_amount(member)
    end
  end
  local _, finish = calendar_window(charge.window, charge.epoch)
  charge.finish = finish
end

function ledger.check(charge)
  charge.fits = charge.spent + charge.reserved + charge.amount <= charge.max
  charge.retry_ms = charge.finish - now_ms
  if charge.spent + charge.amount <= charge.max then charge.retry_ms = math.min(charge.retry_ms, RETRY_SOON_MS) end
  charge.never = charge.amount > charge.max
end

-- A read changes nothing; the window's roll and the leases that ran out become real with the first write.
local function forget_old_leases(charge)
  if charge.rolled then redis.call('DEL', charge.keys[2]) end
  for _, member in ipairs(charge.expired) do redis.call('ZREM', charge.keys[2], member) end
end

local function write_ledger(charge)
  local epoch, spent, reserved = integer(charge.epoch), integer(charge.spent), integer(charge.reserved)
  redis.call('HSET', charge.keys[1], 'epoch', epoch, 'spent', spent, 'reserved', reserved)
  redis.call('PEXPIREAT', charge.keys[1], integer(charge.finish + GRACE_MS))
  redis.call('PEXPIREAT', charge.keys[2], integer(charge.finish + GRACE_MS))
end

function ledger.take(charge, id, lease_ms)
  forget_old_leases(charge)
  if redis.call('ZADD', charge.keys[2], integer(now_ms + lease_ms), id .. ':' .. integer(charge.amount)) == 1 then
    charge.reserved = charge.reserved + charge.amount
  end
  write_ledger(charge)
end

function ledger.settle(charge, id, reserved_at_ms)
  -- Held in a window that is over: it belongs there.
  if reserved_at_ms and calendar_window(charge.window, reserved_at_ms) < charge.epoch then return end
  forget_old_leases(charge)
  if redis.call('ZREM', charge.keys[2], id .. ':' .. integer(charge.amount)) == 1 then
    charge.reserved = charge.reserved - charge.amount
    charge.spent = charge.spent + charge.actual
  elseif reserved_at_ms then
    -- The lease ran out and its amount was counted as spent.
    charge.spent = math.max(0, charge.spent + charge.actual - charge.amount)
  else
    -- This Redis never heard of the reservation (its data was lost, or a gateway decided alone): all of it is new.
    charge.spent = charge.spent + charge.actual
  end
  write_ledger(charge)
end

function ledger.status(charge)
  local used = charge.spent + charge.reserved
  return used, charge.max - used, charge.finish - now_ms
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

local kinds = { rate = rate, ledger = ledger, concurrency = concurrency }

-- kind:window:amount:actual:max:burst:mode
local CHARGE = '^(%a+):(%a*):(%d+):(%d+):(%d+):(%d+):(%a+)$'

-- The charges of a call: an argument each from `first` on; a ledger owns two keys, the others one.
local function read_charges(first_key, first_argument)
  local charges, key = {}, first_key
  for argument = first_argument, #ARGV do
    local kind, window, amount, actual, max, burst, mode = string.match(ARGV[argument], CHARGE)
    local charge = {
      kind = kinds[kind],
      is_ledger = kind == 'ledger',
      window = window,
      amount = tonumber(amount),
      actual = tonumber(actual),
      max = tonumber(max),
      burst = tonumber(burst),
      shadow = mode == 'shadow',
      keys = { KEYS[key], KEYS[key + 1] },
    }
    key = key + (charge.is_ledger and 2 or 1)
    charge.kind.read(charge)
    charges[#charges + 1] = charge
  end
  return charges
end
