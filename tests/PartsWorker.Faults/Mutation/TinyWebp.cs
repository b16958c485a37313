namespace PartsWorker.Faults.Mutation;

/// <summary>A drawn WebP of 96x64: neither the framework nor the golden images contain one to mutate.</summary>
internal static class TinyWebp
{
    public static byte[] Bytes { get; } = Convert.FromBase64String(
        """
        UklGRmACAABXRUJQVlA4IFQCAABwDwCdASpgAEAAPxF6t1WsJyU7KVSZ42AiCWxsfn+hLF++eO+N8yeu/4TfWDfw5c4x55Xor8//qQN5Ve/9ka4EduP/sTBO
        y8QfPQUPPanl7qhPFTdyUYAa9d8Y/Z8VzcNrLitSCsxvxRbGoS1wZM4wJ0aMIqQ5dKju9bC97ZEweGgc8sAA/vCjK/78rC//VICuiha8mvjxg+qglRe90LoP
        hmOHpmSx7rqCqe+nMH6D/CsE98gXYnh4b1W8rl6JM5AhlMU237nhsdBVoeV6rC/MYo2Zy+yLkJsmpfsckSOuh0PzYecCHvScQFhKRUlm+zcmI+wo796PsYNM
        gtNlzCBb8CRykufgy/GaEBuIr19NgUkILjo496ShzUlvyuhvqmLM2Zlz+exlyOAoeg8QJh1eo0Pbq8LxH9c9ZU83E83bzavoZzxVWHkDWf8NSBK2uc5JKutt
        /VTTR6f678PpLDP5k/LQyZxu5qCv2Z3E5x3xW4Gy98f1Ql3x/UTxA6AAdtSk+fgIRfv0ebTu9Lvoy7I2K6WnM5+0piG5k3TueE9CeeYvY9LwY5sLlqbJfgUS
        lIRzg1O47xH+18b1KjaecrWPKQ17aLKTgwB8n/9RsEoyXbw8jhKWb4zXny6OB9Oofmc6Mit7K/abgAF+of/x8z98U5ZJ6w49I7pxCaFdvHoo31teO9PlQRNb
        e3GygNLguJO1DePunVXn+t87Fw0Ctyhyifp0v+/0EUjVftMR0fh7/+d7dQhsau5BkjpTwRnRNChYIaniAzs1tqFgouuXCvOBaWAAAA==
        """);
}
