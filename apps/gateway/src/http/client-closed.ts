/** The status under which a request whose client left is counted, as nginx has it; it is never sent. */
export const CLIENT_CLOSED = 499;
