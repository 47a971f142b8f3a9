export const fixture = 'shared by tests';
