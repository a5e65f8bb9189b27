using IndiiMusic.Grains.Interfaces.Auth;

namespace IndiiMusic.Grains.Interfaces.Tests.Auth;

public sealed class DeviceTextTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData(" \t\r\n ", null)]
    [InlineData("\u0000\u202e\u200b", null)]
    [InlineData("curl/8.5.0", "curl/8.5.0")]
    [InlineData("  Ana's \t\n phone ", "Ana's phone")]
    [InlineData("a\u0000b\u001b[31mc\u202ed\u200be", "ab[31mcde")]
    [InlineData("\ud83d\ude00 ok", "\ud83d\ude00 ok")]
    [InlineData("half \ud83d", "half")]
    public void It_is_one_line_of_what_can_be_seen(string? said, string? kept) =>
        Assert.Equal(kept, DeviceText.Clean(said));

    [Fact]
    public void It_is_cut_between_characters()
    {
        var almost = new string('a', AuthLimits.DeviceLengthMax - 1);

        Assert.Equal(almost + "b", DeviceText.Clean(almost + "bc"));
        Assert.Equal(almost, DeviceText.Clean(almost + "\ud83d\ude00"));
        Assert.Equal(AuthLimits.DeviceLengthMax, DeviceText.Clean(new string('x', 100_000))!.Length);
    }
}
