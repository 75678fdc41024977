/** Message types of rtnetlink(7); values of <linux/rtnetlink.h>. */
export const RTM_NEWLINK = 16;
export const RTM_DELLINK = 17;
export const RTM_GETLINK = 18;
export const RTM_NEWADDR = 20;
export const RTM_DELADDR = 21;
export const RTM_GETADDR = 22;
export const RTM_NEWROUTE = 24;
export const RTM_DELROUTE = 25;
export const RTM_GETROUTE = 26;
export const RTM_NEWNEIGH = 28;
export const RTM_DELNEIGH = 29;
export const RTM_GETNEIGH = 30;
export const RTM_GETNSID = 90;
export const RTM_NEWQDISC = 36;
export const RTM_DELQDISC = 37;
export const RTM_GETQDISC = 38;
export const RTM_NEWTFILTER = 44;
export const RTM_DELTFILTER = 45;
export const RTM_GETTFILTER = 46;

export { AF_INET, AF_INET6 } from "../../socket-constants.js";
/** PF_BRIDGE of <linux/socket.h>: tables of bridges and tunnels. */
export const AF_BRIDGE = 7;

/** Interface flags; <linux/if.h>. */
export const IFF_UP = 0x1;
export const IFF_LOOPBACK = 0x8;
export const IFF_NOARP = 0x80;

/** Link attributes; <linux/if_link.h>. */
export const IFLA_ADDRESS = 1;
export const IFLA_IFNAME = 3;
export const IFLA_MTU = 4;
export const IFLA_LINK = 5;
export const IFLA_MASTER = 10;
export const IFLA_LINKINFO = 18;
/** `alias` of ip-link(8). */
export const IFLA_IFALIAS = 20;
export const IFLA_GROUP = 27;
export const IFLA_NET_NS_FD = 28;
export const IFLA_NUM_TX_QUEUES = 31;
export const IFLA_NUM_RX_QUEUES = 32;
export const IFLA_LINK_NETNSID = 37;
export const IFLA_EXT_MASK = 29;
export const IFLA_INFO_KIND = 1;
export const IFLA_INFO_DATA = 2;
export const IFLA_INFO_SLAVE_KIND = 4;
export const IFLA_INFO_SLAVE_DATA = 5;
/** Of a bridge port, and one value of it; <linux/if_bridge.h>. */
export const IFLA_BRPORT_STATE = 1;
export const BR_STATE_DISABLED = 0;
/** Hairpin mode of a bridge port. */
export const IFLA_BRPORT_MODE = 4;
/** Learns addresses from what comes in; lets frames for unknown addresses out; replies for neighbours that the host knows. */
export const IFLA_BRPORT_LEARNING = 8;
export const IFLA_BRPORT_UNICAST_FLOOD = 9;
export const IFLA_BRPORT_NEIGH_SUPPRESS = 32;
/** Exchanges nothing with another port that has it too. */
export const IFLA_BRPORT_ISOLATED = 33;
/** Of a bridge: switches, in `struct br_boolopt_multi` of <linux/if_bridge.h>, values u32 and mask u32; how much it learns. */
export const IFLA_BR_MULTI_BOOLOPT = 46;
export const BR_BOOLOPT_NO_LL_LEARN = 1;
export const IFLA_BR_FDB_MAX_LEARNED = 49;
/** Leave the counters out of the answer; <linux/rtnetlink.h>. */
export const RTEXT_FILTER_SKIP_STATS = 8;

/** Address attributes; <linux/if_addr.h>. */
export const IFA_ADDRESS = 1;
export const IFA_LOCAL = 2;
/** Since Linux 5.18; before, the kernel leaves it out. */
export const IFA_PROTO = 11;
/** Usable at once: no other machine can have taken the address, so duplicate detection would only delay it. */
export const IFA_F_NODAD = 0x2;

/** Attributes and states of neighbours; <linux/neighbour.h>. */
export const NDA_DST = 1;
export const NDA_LLADDR = 2;
/** In dumps: of this link alone. */
export const NDA_IFINDEX = 8;
/** As {@link RTPROT_TSD} is written; since Linux 5.0, before it is passed over. */
export const NDA_PROTOCOL = 12;
/** Of `ndm_flags`: the table of the link itself, and that of the bridge it is a port of. */
export const NTF_USE = 0x01;
export const NTF_SELF = 0x02;
export const NTF_MASTER = 0x04;
/** Made by a program that follows where an address is; the kernel does not let it age. */
export const NTF_EXT_LEARNED = 0x10;
/** Never moved to another port. */
export const NTF_STICKY = 0x40;
export const NUD_REACHABLE = 0x02;
/** `static` of bridge(8). */
export const NUD_NOARP = 0x40;
export const NUD_PERMANENT = 0x80;

/** Route attributes and header values; <linux/rtnetlink.h>. */
export const RTA_DST = 1;
export const RTA_OIF = 4;
export const RTA_GATEWAY = 5;
/** The metric. */
export const RTA_PRIORITY = 6;
/** The source address that the kernel chooses. */
export const RTA_PREFSRC = 7;
export const RTA_MULTIPATH = 9;
export const RTA_TABLE = 15;
export const RT_TABLE_MAIN = 254;
/** What IPv6 makes of metric 0 and of none; <linux/ipv6_route.h>. */
export const IP6_RT_PRIO_USER = 1024;
/**
 * Who made a route or an address, as RTA and IFA_PROTO say it: `proto 116` of ip-route(8). A number of no other program in
 * rt_protos of iproute2; `t` in ASCII.
 */
export const RTPROT_TSD = 116;
export const RT_SCOPE_UNIVERSE = 0;
export const RT_SCOPE_LINK = 253;
export const RTN_UNICAST = 1;
export const RTN_LOCAL = 2;
/** Of a next hop: its gateway counts as on the link. */
export const RTNH_F_ONLINK = 4;
/** A cache entry, not a configured route. */
export const RTM_F_CLONED = 0x200;
/** The answer is the entry of the table, with every next hop, in place of the one that was chosen (Linux 4.13). */
export const RTM_F_FIB_MATCH = 0x2000;

/** <linux/net_namespace.h>. */
export const NETNSA_NSID = 1;
export const NETNSA_FD = 3;
/** −1. */
export const NETNSA_NSID_NOT_ASSIGNED = 0xffffffff;
