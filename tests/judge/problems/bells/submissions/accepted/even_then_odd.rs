// Every other bell from the second one, then every other from the first one.
use std::io;

fn main() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    let bells: usize = line.trim().parse().unwrap();
    for bell in (2..=bells).step_by(2).chain((1..=bells).step_by(2)) {
        println!("{}", bell);
    }
}
