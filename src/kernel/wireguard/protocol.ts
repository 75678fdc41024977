/** Values of <linux/wireguard.h>, which has the layout of each message. */
export const WG_GENL_NAME = "wireguard";
export const WG_GENL_VERSION = 1;
export const WG_CMD_GET_DEVICE = 0;
export const WG_CMD_SET_DEVICE = 1;
/** Octets of a key. */
export const WG_KEY_LEN = 32;

export const WGDEVICE_A_IFNAME = 2;
export const WGDEVICE_A_PRIVATE_KEY = 3;
export const WGDEVICE_A_PUBLIC_KEY = 4;
export const WGDEVICE_A_LISTEN_PORT = 6;
export const WGDEVICE_A_PEERS = 8;

export const WGPEER_A_PUBLIC_KEY = 1;
export const WGPEER_A_FLAGS = 3;
export const WGPEER_A_ENDPOINT = 4;
export const WGPEER_A_RX_BYTES = 7;
export const WGPEER_A_ALLOWEDIPS = 9;
export const WGPEER_F_REMOVE_ME = 1;
export const WGPEER_F_REPLACE_ALLOWEDIPS = 2;
/** A peer that is not there is not made. */
export const WGPEER_F_UPDATE_ONLY = 4;

export const WGALLOWEDIP_A_FAMILY = 1;
export const WGALLOWEDIP_A_IPADDR = 2;
export const WGALLOWEDIP_A_CIDR_MASK = 3;

/** <sys/socket.h>, <netinet/in.h>. */
export const AF_INET = 2;
export const AF_INET6 = 10;
export const SOCKADDR_IN_LENGTH = 16;
export const SOCKADDR_IN6_LENGTH = 28;
export const SIN_ADDR_AT = 4;
export const SIN6_ADDR_AT = 8;
