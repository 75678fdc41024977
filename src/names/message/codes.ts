/** Numbers of DNS as IANA lists them (RFC 1035 §3.2, RFC 6891). Constants, not enums: they are compared with what came. */

export const TYPE_A = 1;
export const TYPE_SOA = 6;
export const TYPE_PTR = 12;
export const TYPE_AAAA = 28;
export const TYPE_OPT = 41;
export const TYPE_IXFR = 251;
export const TYPE_AXFR = 252;
export const TYPE_ANY = 255;

export const CLASS_IN = 1;
export const CLASS_ANY = 255;

export const NOERROR = 0;
export const FORMERR = 1;
export const SERVFAIL = 2;
export const NXDOMAIN = 3;
export const NOTIMP = 4;
export const REFUSED = 5;
/** Longer than the four bits of the header: the rest is in OPT (RFC 6891 §6.1.3). */
export const BADVERS = 16;

/** Octets of a message's header. */
export const HEADER = 12;

/** Bits of the header's third octet. */
export const QR = 0x80;
export const OPCODE = 0x78;
export const AA = 0x04;
export const TC = 0x02;
export const RD = 0x01;

/** Bits of the header's fourth octet. */
export const RA = 0x80;
export const AD = 0x20;
export const CD = 0x10;
export const RCODE = 0x0f;

/** Largest datagram that each party takes without EDNS (RFC 1035 §4.2.1). */
export const PLAIN_UDP_SIZE = 512;
/** What tsd says it takes by UDP: what passes every path in one piece (the DNS flag day of 2020). */
export const EDNS_UDP_SIZE = 1232;
/** Largest datagram that tsd sends to a client that takes as much. It goes over a loopback interface, in one piece. */
export const LARGEST_UDP_REPLY = 4096;
/** Largest message: its length has two octets over TCP. */
export const LARGEST_MESSAGE = 65_535;
