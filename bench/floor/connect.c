/*
 * connect server PORT                            accepts and closes, for ever
 * connect client ADDRESS FIRST COUNT MILLISECONDS  opens connections to random ports of FIRST … FIRST+COUNT-1, one after
 *                                                the other, and prints how many per second
 * connect worker ADDRESS FIRST COUNT MILLISECONDS  the same, and prints how many in all, and microseconds that it kept
 *                                                processors busy
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* Of this process. */
static double worked(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static int serve(int port)
{
	struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons(port) };
	int on = 1;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(listener, (struct sockaddr *)&any, sizeof any) < 0 || listen(listener, 4096) < 0) {
		perror("listen");
		return 1;
	}
	for (;;) {
		int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (connection >= 0)
			close(connection);
	}
}

/* Closes by reset, so that neither side keeps the pair of ports for a minute. */
static void reset(int connection)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };
	setsockopt(connection, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	close(connection);
}

static int call(const char *address, int first, int count, double duration, int works)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	unsigned state = 1;
	long opened = 0;
	double start = seconds(), end = start;
	if (inet_pton(AF_INET, address, &to.sin_addr) != 1)
		return 2;
	for (; end < start + duration; end = seconds()) {
		state = state * 1103515245u + 12345u;
		to.sin_port = htons(first + (state >> 8) % count);
		int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		char rest;
		if (connect(connection, (struct sockaddr *)&to, sizeof to) < 0) {
			perror("connect");
			return 1;
		}
		if (recv(connection, &rest, 1, 0) == 0)
			opened++;
		reset(connection);
	}
	if (works)
		printf("%ld %.0f\n", opened, worked() * 1e6);
	else
		printf("%.0f\n", opened / (end - start));
	return 0;
}

int main(int count, char **words)
{
	if (count == 3 && strcmp(words[1], "server") == 0)
		return serve(atoi(words[2]));
	if (count == 6 && strcmp(words[1], "client") == 0)
		return call(words[2], atoi(words[3]), atoi(words[4]), atoi(words[5]) / 1e3, 0);
	if (count == 6 && strcmp(words[1], "worker") == 0)
		return call(words[2], atoi(words[3]), atoi(words[4]), atoi(words[5]) / 1e3, 1);
	return 2;
}
