namespace Firezone.Wire.Versions;

/// <summary>The family of client programs that share a version line.</summary>
public enum ComponentClass
{
    /// <summary>Desktop program for Windows and Linux; also whatever cannot be told.</summary>
    Gui = 0,

    /// <summary>macOS and iOS.</summary>
    Apple = 1,

    /// <summary>Android and ChromeOS.</summary>
    Android = 2,

    /// <summary>Service without a user interface.</summary>
    Headless = 3,
}
