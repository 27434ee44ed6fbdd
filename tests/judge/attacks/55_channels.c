/* Ways to speak with another sandbox that do not go through a file of one's own. */
#define _GNU_SOURCE
#include "say.h"
#include <fcntl.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { KEY = 0x0c0de7ac };

static void by_the_kernel(void)
{
    char ring[256] = {0};
    tried("a key", syscall(SYS_add_key, "user", "codetrack-attack", "a word", 6, -3));
    tried("a keyring", syscall(SYS_keyctl, 1, "codetrack-attack"));
    tried("a key asked for", syscall(SYS_request_key, "user", "codetrack-attack", NULL, 0));
    tried("a ring of orders", syscall(SYS_io_uring_setup, 4, ring));
    tried("shared memory", shmget(KEY, 4096, IPC_CREAT | 0666));
    tried("messages", msgget(KEY, IPC_CREAT | 0666));
    tried("semaphores", semget(KEY, 1, IPC_CREAT | 0666));
    tried("a queue", syscall(SYS_mq_open, "codetrack-attack", O_RDWR | O_CREAT, 0666, NULL));
    tried("a memory file", memfd_create("codetrack-attack", 0));
    tried("a socket of the virtual machine", socket(40, SOCK_STREAM, 0));
    tried("a socket with a name", socket(AF_UNIX, SOCK_STREAM, 0));
}

static void by_locks(void)
{
    struct flock part = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_len = 1};
    int shared = open("/usr/bin/env", O_RDONLY);
    tried("a lock", flock(shared, LOCK_SH | LOCK_NB));
    tried("a lock of a part", fcntl(shared, F_SETLK, &part));
    tried("a lock of a part, with the open file", fcntl(shared, F_OFD_SETLK, &part));
    tried("a lease", fcntl(shared, F_SETLEASE, F_RDLCK));
    tried("a watch on a folder", fcntl(open("/usr", O_RDONLY), F_NOTIFY, 1));
}

int main(void)
{
    by_the_kernel();
    by_locks();
    puts("end");
    return 0;
}
