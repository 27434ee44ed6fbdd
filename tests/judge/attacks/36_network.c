/* Every kind of socket but a pair of one's own. */
#include "say.h"
#include <sys/socket.h>

enum { TYPES = SOCK_CLOEXEC };

int main(void)
{
    static const struct { const char *name; int family, type; } all[] = {
        {"inet", AF_INET, SOCK_STREAM},     {"udp", AF_INET, SOCK_DGRAM},    {"raw", AF_INET, SOCK_RAW},
        {"inet6", AF_INET6, SOCK_STREAM},   {"unix", AF_UNIX, SOCK_STREAM},  {"netlink", AF_NETLINK, SOCK_RAW},
        {"packet", AF_PACKET, SOCK_RAW},    {"vsock", 40, SOCK_STREAM},      {"crypto", 38, SOCK_SEQPACKET},
        {"bluetooth", 31, SOCK_SEQPACKET},  {"can", 29, SOCK_RAW},           {"xdp", 44, SOCK_RAW},
        {"tipc", 30, SOCK_RDM},             {"key", 15, SOCK_RAW},           {"smc", 43, SOCK_STREAM}};
    for (unsigned place = 0; place < sizeof all / sizeof *all; place++)
        tried(all[place].name, socket(all[place].family, all[place].type | TYPES, 0));
    puts("end");
    return 0;
}
