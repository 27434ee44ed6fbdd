/* Writes, makes, moves and removes things everywhere but in /tmp. */
#define _GNU_SOURCE
#include "say.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const folders[] = {"/",    "/usr", "/usr/bin", "/usr/local", "/bin",  "/lib", "/etc",
                                      "/box", "/src", "/out",     "/dev",       "/proc", "/sys", "/var",
                                      "/home", "/root", "/run",   "/opt",       "/mnt",  "/dev/pts"};
static const char *const files[] = {
    "/box/a", "/src/main.c", "/usr/bin/env", "/etc/passwd", "/etc/ld.so.cache", "/etc/ld.so.preload",
    "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/sys/vm/drop_caches",
    "/proc/sysrq-trigger", "/proc/1/oom_score_adj", "/proc/1/mem", "/proc/self/uid_map",
    "/proc/self/setgroups", "/sys/power/state", "/dev/mem", "/dev/kmsg"};

static void in_folder(const char *folder)
{
    char made[100], other[100];
    snprintf(made, sizeof made, "%s/codetrack-attack", folder);
    snprintf(other, sizeof other, "%s/codetrack-attack-2", folder);
    tried(made, open(made, O_WRONLY | O_CREAT | O_TRUNC, 0600));
    tried(made, open(folder, O_RDWR | O_TMPFILE, 0600));
    tried(other, mkdir(other, 0700));
    tried(other, symlink("/etc/passwd", other));
    tried(other, mkfifo(other, 0600));
    tried(other, mknod(other, S_IFCHR | 0600, (1 << 8) | 1));
    tried(other, link("/usr/bin/env", other));
    tried(other, rename(folder, other));
}

int main(void)
{
    for (unsigned place = 0; place < sizeof folders / sizeof *folders; place++)
        in_folder(folders[place]);
    for (unsigned place = 0; place < sizeof files / sizeof *files; place++) {
        tried(files[place], fopen(files[place], "r+") ? 0 : -1);
        tried(files[place], open(files[place], O_RDWR));
        tried(files[place], truncate(files[place], 0));
        tried(files[place], unlink(files[place]));
        tried(files[place], utimensat(AT_FDCWD, files[place], NULL, 0));
    }
    puts("end");
    return 0;
}
