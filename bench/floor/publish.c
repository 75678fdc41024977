/*
 * publish COUNT
 *
 * The least work that publishes a port by nftables: one transaction of nfnetlink that adds one element to the map "ports" of
 * the table "inet floor", which exists. Prints microseconds, one line each. Each element is deleted again, untimed.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { FIRST_PORT = 2000, CONTAINER_PORT = 80, TCP = 6 };

static char buffer[1024] __attribute__((aligned(NLMSG_ALIGNTO)));
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

static void begin(int type, int flags, int family, int resource)
{
	struct nfgenmsg header = { .nfgen_family = family, .res_id = htons(resource) };
	message = (struct nlmsghdr *)(buffer + used);
	memset(message, 0, NLMSG_SPACE(sizeof header));
	message->nlmsg_len = NLMSG_LENGTH(sizeof header);
	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | flags;
	memcpy(NLMSG_DATA(message), &header, sizeof header);
	used += NLMSG_SPACE(sizeof header);
}

static struct nlattr *attribute(int type, const void *data, size_t size)
{
	struct nlattr *attr = (struct nlattr *)(buffer + used);
	memset(attr, 0, NLMSG_ALIGN(NLA_HDRLEN + size));
	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + size;
	if (size > 0)
		memcpy((char *)attr + NLA_HDRLEN, data, size);
	used += NLMSG_ALIGN(NLA_HDRLEN + size);
	message->nlmsg_len = buffer + used - (char *)message;
	return attr;
}

static struct nlattr *open_nest(int type)
{
	return attribute(type | NLA_F_NESTED, NULL, 0);
}

static void close_nest(struct nlattr *nest)
{
	nest->nla_len = buffer + used - (char *)nest;
}

static void write_value(int type, const void *data, size_t size)
{
	struct nlattr *value = open_nest(type);
	attribute(NFTA_DATA_VALUE, data, size);
	close_nest(value);
}

/* Each component of a key or value takes four bytes at least. */
static void write_element(int type, int flags, int port)
{
	struct { unsigned char protocol, pad[3]; unsigned short port, pad2; } key = { .protocol = TCP, .port = htons(port) };
	struct { unsigned address; unsigned short port, pad; } target = { htonl(0x0ad70002), htons(CONTAINER_PORT), 0 };
	begin((NFNL_SUBSYS_NFTABLES << 8) | type, flags | NLM_F_ACK, NFPROTO_INET, 0);
	attribute(NFTA_SET_ELEM_LIST_TABLE, "floor", sizeof "floor");
	attribute(NFTA_SET_ELEM_LIST_SET, "ports", sizeof "ports");
	struct nlattr *list = open_nest(NFTA_SET_ELEM_LIST_ELEMENTS);
	struct nlattr *element = open_nest(NFTA_LIST_ELEM);
	write_value(NFTA_SET_ELEM_KEY, &key, sizeof key);
	if (type == NFT_MSG_NEWSETELEM)
		write_value(NFTA_SET_ELEM_DATA, &target, sizeof target);
	close_nest(element);
	close_nest(list);
}

static void transact(int netlink, int type, int flags, int port)
{
	char answer[1024];
	used = 0;
	begin(NFNL_MSG_BATCH_BEGIN, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
	write_element(type, flags, port);
	begin(NFNL_MSG_BATCH_END, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
	if (send(netlink, buffer, used, 0) < 0)
		fail("send");
	if (recv(netlink, answer, sizeof answer, 0) < 0)
		fail("recv");
	struct nlmsgerr *ack = NLMSG_DATA((struct nlmsghdr *)answer);
	if (ack->error != 0) {
		errno = -ack->error;
		fail("nfnetlink");
	}
}

int main(int count, char **words)
{
	if (count != 2)
		return 2;
	int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	if (netlink < 0)
		fail("socket");
	for (int port = FIRST_PORT; port < FIRST_PORT + atoi(words[1]); port++) {
		double start = microseconds();
		transact(netlink, NFT_MSG_NEWSETELEM, NLM_F_CREATE | NLM_F_EXCL, port);
		printf("%.1f\n", microseconds() - start);
		transact(netlink, NFT_MSG_DELSETELEM, 0, port);
	}
	return 0;
}
