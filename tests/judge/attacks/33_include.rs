// Takes the test into the program.
fn main() {
    println!("{}", include_str!("{{hidden}}"));
}
