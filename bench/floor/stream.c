/*
 * stream server PORT                       takes all that comes by a connection, one connection after the other, for ever
 * stream client ADDRESS PORT MILLISECONDS  sends for that long, and prints how many MB a second
 * stream worker ADDRESS PORT MILLISECONDS  the same, and prints MB in all, and microseconds that it kept processors busy
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static char block[128 * 1024];

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
	if (bind(listener, (struct sockaddr *)&any, sizeof any) < 0 || listen(listener, 16) < 0) {
		perror("listen");
		return 1;
	}
	for (;;) {
		int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		while (recv(connection, block, sizeof block, 0) > 0)
			;
		close(connection);
	}
}

static int pour(const char *address, int port, double duration, int works)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (inet_pton(AF_INET, address, &to.sin_addr) != 1)
		return 2;
	if (connect(connection, (struct sockaddr *)&to, sizeof to) < 0) {
		perror("connect");
		return 1;
	}
	double start = seconds(), end = start, sent = 0;
	for (; end < start + duration; end = seconds()) {
		ssize_t length = send(connection, block, sizeof block, 0);
		if (length < 0) {
			perror("send");
			return 1;
		}
		sent += length;
	}
	if (works)
		printf("%.3f %.0f\n", sent / 1e6, worked() * 1e6);
	else
		printf("%.1f\n", sent / 1e6 / (end - start));
	return 0;
}

int main(int count, char **words)
{
	if (count == 3 && strcmp(words[1], "server") == 0)
		return serve(atoi(words[2]));
	if (count == 5 && strcmp(words[1], "client") == 0)
		return pour(words[2], atoi(words[3]), atoi(words[4]) / 1e3, 0);
	if (count == 5 && strcmp(words[1], "worker") == 0)
		return pour(words[2], atoi(words[3]), atoi(words[4]) / 1e3, 1);
	return 2;
}
