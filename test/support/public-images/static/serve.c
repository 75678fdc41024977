/* A server of HTTP as one static program, as Go makes them: no shell, no libraries, no /etc/passwd beside it. */
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void end(int signal) {
  (void)signal;
  _exit(0);
}

int main(int argc, char **argv) {
  signal(SIGTERM, end);
  struct sockaddr_in6 here = {.sin6_family = AF_INET6, .sin6_port = htons(argc > 1 ? atoi(argv[1]) : 8080)};
  int no = 0, yes = 1, listener = socket(AF_INET6, SOCK_STREAM, 0);
  setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(listener, (struct sockaddr *)&here, sizeof here) < 0 || listen(listener, 16) < 0) {
    perror("serve");
    return 1;
  }
  const char *greeting = getenv("GREETING");
  for (;;) {
    int client = accept(listener, NULL, NULL);
    if (client < 0) continue;
    char request[1024];
    if (read(client, request, sizeof request) > 0) {
      dprintf(client, "HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n%s from user %d\n", greeting ? greeting : "hello", getuid());
    }
    shutdown(client, SHUT_WR);
    close(client);
  }
}
