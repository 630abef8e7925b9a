namespace Broker.TestKit;

/// <summary>The servers tests run against. A missing one fails the test with the command that starts it; it never skips.</summary>
public static class TestServices
{
    /// <summary>In Npgsql keywords.</summary>
    public static string Postgres => Require("BROKER_TEST_POSTGRES");

    /// <summary>As <c>amqp://</c>.</summary>
    public static Uri RabbitMq => new(Require("BROKER_TEST_RABBITMQ"));

    /// <summary>The management API of the same RabbitMQ; on its usual port if <c>BROKER_TEST_RABBITMQ_API</c> is not set.</summary>
    public static Uri RabbitMqApi =>
        new(Environment.GetEnvironmentVariable("BROKER_TEST_RABBITMQ_API") ?? $"http://{RabbitMq.Host}:15672/");

    private static string Require(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
        ? value
        : throw new InvalidOperationException(
            $"{name} is not set. Run scripts/test, or start the servers with 'scripts/services start --dir /tmp/broker-services' and source its env.");
}
