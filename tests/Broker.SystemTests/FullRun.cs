namespace Broker.SystemTests;

/// <summary>With <c>BROKER_TEST_FULL=1</c> tests of real input take all of it; else enough to see that it works.</summary>
internal static class FullRun
{
    private static readonly bool Asked = Environment.GetEnvironmentVariable("BROKER_TEST_FULL") is "1";

    public static int Of(int few, int all) => Asked ? all : few;
}
