"""One program in every language that does what its input says: greet, crash, recurse, use threads,
start a process."""

from __future__ import annotations

PYTHON = """
import os, sys, threading

def deep(n):
    return 0 if n == 0 else 1 + deep(n - 1)

wish, *rest = sys.stdin.read().split()
if wish == "greet":
    print("hello", *rest)
elif wish == "crash":
    sys.exit(7)
elif wish == "recurse":
    sys.setrecursionlimit(1_000_000)
    print(deep(50_000))
elif wish == "threads":
    done = []
    threads = [threading.Thread(target=done.append, args=(1,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(sum(done))
elif wish == "process":
    try:
        os.fork()
        print("it runs")
    except OSError:
        print("denied")
"""

C = r"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile int nothing = 0;

static int deep(int n) {
    volatile int here = n;
    return n == 0 ? 0 : 1 + deep(n - 1) + nothing * here;
}

int main(void) {
    char wish[20], rest[20] = "";
    if (scanf("%19s %19s", wish, rest) < 1) return 1;
    if (!strcmp(wish, "greet")) printf("hello %s\n", rest);
    if (!strcmp(wish, "crash")) return 7;
    if (!strcmp(wish, "recurse")) printf("%d\n", deep(1000000));
    if (!strcmp(wish, "process")) puts(fork() < 0 ? "denied" : "it runs");
    return 0;
}
"""

CPP = r"""
#include <iostream>
#include <string>
#include <thread>
#include <unistd.h>

static volatile int nothing = 0;

static int deep(int n) {
    volatile int here = n;
    return n == 0 ? 0 : 1 + deep(n - 1) + nothing * here;
}

int main() {
    std::string wish, rest;
    std::cin >> wish >> rest;
    if (wish == "greet") std::cout << "hello " << rest << "\n";
    if (wish == "crash") return 7;
    if (wish == "recurse") std::cout << deep(1000000) << "\n";
    if (wish == "threads") {
        int sum = 0;
        for (int i = 0; i < 6; i++) {
            std::thread thread([&] { sum++; });
            thread.join();
        }
        std::cout << sum << "\n";
    }
    if (wish == "process") std::cout << (fork() < 0 ? "denied" : "it runs") << "\n";
}
"""

JAVA = r"""
import java.util.*;

public class Wishes {
    static int deep(int n) { return n == 0 ? 0 : 1 + deep(n - 1); }

    public static void main(String[] args) throws Exception {
        Scanner in = new Scanner(System.in);
        switch (in.next()) {
            case "greet" -> System.out.println("hello " + in.next());
            case "crash" -> System.exit(7);
            case "recurse" -> System.out.println(deep(100000));
            case "threads" -> {
                List<Thread> threads = new ArrayList<>();
                int[] sum = {0};
                for (int i = 0; i < 6; i++) {
                    threads.add(new Thread(() -> { synchronized (sum) { sum[0]++; } }));
                    threads.get(i).start();
                }
                for (Thread thread : threads) thread.join();
                System.out.println(sum[0]);
            }
            case "process" -> {
                try {
                    new ProcessBuilder("/bin/echo", "it runs").inheritIO().start().waitFor();
                } catch (java.io.IOException denied) {
                    System.out.println("denied");
                }
            }
        }
    }
}
"""

JAVASCRIPT = r"""
const [wish, rest] = require("fs").readFileSync(0, "utf8").split(/\s+/);
const deep = (n) => (n === 0 ? 0 : 1 + deep(n - 1));
if (wish === "greet") console.log("hello", rest);
if (wish === "crash") process.exit(7);
if (wish === "recurse") console.log(deep(200000));
if (wish === "threads") {
  const { Worker } = require("worker_threads");
  const code = "require('worker_threads').parentPort.postMessage(1)";
  let sum = 0;
  for (let i = 0; i < 6; i++)
    new Worker(code, { eval: true }).on("message", (one) => {
      sum += one;
      if (sum === 6) console.log(sum);
    });
}
if (wish === "process") {
  const { error } = require("child_process").spawnSync("/bin/echo", ["it runs"]);
  console.log(error && error.code === "EAGAIN" ? "denied" : "it runs");
}
"""

GO = r"""
package main

import (
    "fmt"
    "os"
    "os/exec"
    "sync"
)

func deep(n int) int {
    if n == 0 {
        return 0
    }
    return 1 + deep(n-1)
}

func main() {
    var wish, rest string
    fmt.Scan(&wish, &rest)
    switch wish {
    case "greet":
        fmt.Println("hello", rest)
    case "crash":
        os.Exit(7)
    case "recurse":
        fmt.Println(deep(1000000))
    case "threads":
        var all sync.WaitGroup
        var lock sync.Mutex
        sum := 0
        for i := 0; i < 6; i++ {
            all.Add(1)
            go func() { defer all.Done(); lock.Lock(); sum++; lock.Unlock() }()
        }
        all.Wait()
        fmt.Println(sum)
    case "process":
        if exec.Command("/bin/echo", "it runs").Run() != nil {
            fmt.Println("denied")
        }
    }
}
"""

RUST = r"""
use std::io::Read;

fn deep(n: u32, seen: &mut Vec<u32>) -> u32 {
    seen[0] += 1;
    if n == 0 { 0 } else { let below = deep(n - 1, seen); below + seen[0] / seen[0] }
}

fn main() {
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).unwrap();
    let words: Vec<&str> = input.split_whitespace().collect();
    match words[0] {
        "greet" => println!("hello {}", words[1]),
        "crash" => std::process::exit(7),
        "recurse" => println!("{}", deep(1000000, &mut vec![0])),
        "threads" => {
            let all: Vec<_> = (0..6).map(|_| std::thread::spawn(|| 1)).collect();
            println!("{}", all.into_iter().map(|one| one.join().unwrap()).sum::<i32>());
        }
        "process" => match std::process::Command::new("/bin/echo").spawn() {
            Ok(_) => println!("it runs"),
            Err(_) => println!("denied"),
        },
        _ => {}
    }
}
"""

#: By the id of the language. Plain C is without threads: their stacks are as large as main's.
PROGRAMS = {
    "python3": PYTHON,
    "pypy3": PYTHON,
    "c17": C,
    "cpp20": CPP,
    "java": JAVA,
    "node": JAVASCRIPT,
    "go": GO,
    "rust": RUST,
}
