/*
 * attach BRIDGE COUNT
 *
 * The least work that attaches a new network namespace to a bridge, by rtnetlink(7) from one process: namespace; veth
 * pair with its end eth0 inside; address, loopback and default route. Prints three numbers per attachment, microseconds:
 * making the namespace, everything else, and deleting the pair. Each namespace is dropped again, untimed.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* The kernel takes the wanted index inside the namespace, which saves a request for it. */
enum { LOOPBACK = 1, ETH0 = 2, FIRST_INDEX = 400000, PREFIX = 24, PAUSE_US = 20000 };

static char buffer[4096] __attribute__((aligned(NLMSG_ALIGNTO)));
static struct nlmsghdr *message;
static size_t used;

static void fail(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static double microseconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static void begin(int type, int flags, const void *header, size_t size)
{
	message = (struct nlmsghdr *)(buffer + used);
	memset(message, 0, NLMSG_SPACE(size));
	message->nlmsg_len = NLMSG_LENGTH(size);
	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	memcpy(NLMSG_DATA(message), header, size);
	used += NLMSG_SPACE(size);
}

static struct rtattr *attribute(int type, const void *data, size_t size)
{
	struct rtattr *attr = (struct rtattr *)(buffer + used);
	memset(attr, 0, RTA_SPACE(size));
	attr->rta_type = type;
	attr->rta_len = RTA_LENGTH(size);
	if (size > 0)
		memcpy(RTA_DATA(attr), data, size);
	used += RTA_SPACE(size);
	message->nlmsg_len = buffer + used - (char *)message;
	return attr;
}

/* Closes a nest: its length reaches up to here. */
static void close_nest(struct rtattr *nest)
{
	nest->rta_len = buffer + used - (char *)nest;
}

/* Sends all messages begun and waits for as many acknowledgements. */
static void send_all(int netlink, int expected)
{
	char answer[8192];
	if (send(netlink, buffer, used, 0) < 0)
		fail("send");
	used = 0;
	while (expected > 0) {
		int length = recv(netlink, answer, sizeof answer, 0);
		if (length < 0)
			fail("recv");
		for (struct nlmsghdr *m = (struct nlmsghdr *)answer; NLMSG_OK(m, length); m = NLMSG_NEXT(m, length)) {
			struct nlmsgerr *ack = NLMSG_DATA(m);
			if (m->nlmsg_type != NLMSG_ERROR)
				continue;
			if (ack->error != 0) {
				errno = -ack->error;
				fail("netlink");
			}
			expected--;
		}
	}
}

static int open_netlink(void)
{
	int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (netlink < 0)
		fail("socket");
	return netlink;
}

static void add_veth(int netlink, int bridge, int namespace, int number)
{
	struct ifinfomsg host = { .ifi_index = FIRST_INDEX + number, .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
	struct ifinfomsg peer = { .ifi_index = ETH0 };
	char name[IFNAMSIZ];
	snprintf(name, sizeof name, "floor%d", number);
	begin(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &host, sizeof host);
	attribute(IFLA_IFNAME, name, strlen(name) + 1);
	attribute(IFLA_MASTER, &bridge, sizeof bridge);
	struct rtattr *info = attribute(IFLA_LINKINFO, NULL, 0);
	attribute(IFLA_INFO_KIND, "veth", 4);
	struct rtattr *data = attribute(IFLA_INFO_DATA, NULL, 0);
	struct rtattr *end = attribute(VETH_INFO_PEER, &peer, sizeof peer);
	attribute(IFLA_IFNAME, "eth0", sizeof "eth0");
	attribute(IFLA_NET_NS_FD, &namespace, sizeof namespace);
	close_nest(end);
	close_nest(data);
	close_nest(info);
	send_all(netlink, 1);
}

static void bring_up(int index)
{
	struct ifinfomsg up = { .ifi_index = index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
	begin(RTM_NEWLINK, 0, &up, sizeof up);
}

static void configure_inside(int netlink, int number)
{
	struct ifaddrmsg to = { .ifa_family = AF_INET, .ifa_prefixlen = PREFIX, .ifa_index = ETH0 };
	struct rtmsg to_all = { .rtm_family = AF_INET, .rtm_table = RT_TABLE_MAIN, .rtm_protocol = RTPROT_STATIC,
				.rtm_scope = RT_SCOPE_UNIVERSE, .rtm_type = RTN_UNICAST };
	unsigned address = htonl(0x0ad70002 + number % 200); /* 10.215.0.2 … */
	unsigned gateway = htonl(0x0ad70001);
	int out = ETH0;
	bring_up(LOOPBACK);
	bring_up(ETH0);
	begin(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &to, sizeof to);
	attribute(IFA_LOCAL, &address, sizeof address);
	attribute(IFA_ADDRESS, &address, sizeof address);
	begin(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, &to_all, sizeof to_all);
	attribute(RTA_GATEWAY, &gateway, sizeof gateway);
	attribute(RTA_OIF, &out, sizeof out);
	send_all(netlink, 4);
}

static void delete_veth(int netlink, int number)
{
	struct ifinfomsg host = { .ifi_index = FIRST_INDEX + number };
	begin(RTM_DELLINK, 0, &host, sizeof host);
	send_all(netlink, 1);
}

int main(int count, char **words)
{
	if (count != 3)
		return 2;
	int bridge = if_nametoindex(words[1]);
	int host = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	int netlink = open_netlink();
	if (bridge == 0 || host < 0)
		fail(words[1]);
	for (int number = 0; number < atoi(words[2]); number++) {
		double start = microseconds();
		if (unshare(CLONE_NEWNET) < 0)
			fail("unshare");
		int namespace = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
		if (namespace < 0 || setns(host, CLONE_NEWNET) < 0)
			fail("namespace");
		double made = microseconds();
		add_veth(netlink, bridge, namespace, number);
		if (setns(namespace, CLONE_NEWNET) < 0)
			fail("setns");
		int inside = open_netlink();
		if (setns(host, CLONE_NEWNET) < 0)
			fail("setns");
		configure_inside(inside, number);
		double attached = microseconds();
		delete_veth(netlink, number);
		printf("%.1f %.1f %.1f\n", made - start, attached - made, microseconds() - attached);
		close(inside);
		close(namespace);
		usleep(PAUSE_US);
	}
	return 0;
}
