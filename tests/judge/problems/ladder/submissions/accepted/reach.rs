use std::io;

fn main() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    let given: Vec<f64> = line.split_whitespace().map(|word| word.parse().unwrap()).collect();
    let height = (given[0] * given[0] - given[1] * given[1]).sqrt();
    println!("{:.7} {:.7}", height, (given[1] / given[0]).acos().to_degrees());
}
