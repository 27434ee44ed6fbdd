/** Its class cannot have a file: the name is too long for one. */
class {{long}} {
}

public class Main {
    public static void main(String[] words) {
        System.out.println("small");
    }
}
