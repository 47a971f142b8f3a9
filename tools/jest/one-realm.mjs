// Jest runs tests in a V8 context of their own, so an error that Node itself made (ENOENT, an invalid URL, an abort) is no
// `instanceof Error` there although it is in production. This makes the question mean the same in both.
for (const Type of [Error, TypeError, RangeError, SyntaxError]) {
  const ordinary = Function.prototype[Symbol.hasInstance];
  Object.defineProperty(Type, Symbol.hasInstance, {
    configurable: true,
    value(candidate) {
      if (ordinary.call(this, candidate)) return true;
      return this === Type && derivesFrom(candidate, Type.name);
    },
  });
}

function derivesFrom(candidate, name) {
  if (typeof candidate !== 'object' || candidate === null) return false;
  for (let type = Object.getPrototypeOf(candidate); type; type = Object.getPrototypeOf(type)) {
    if (Object.hasOwn(type, 'constructor') && type.constructor.name === name) return true;
  }
  return false;
}
