/** How much of a stream's text is held back, so that a match of up to this length is found before any of it is released. */
export const LOOK_AHEAD = 512;
/** The most text of one answer that is judged as a whole, in UTF-16 units. */
export const MAX_WHOLE = 256 * 1024;
