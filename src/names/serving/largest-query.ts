/** Octets of one question. With every option there is, one has some hundreds. */
export const LARGEST_QUERY = 4096;
