using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Broker.Api;

/// <summary>Configuration section <c>Broker</c>.</summary>
public sealed class ApiOptions
{
    public const string Section = "Broker";

    /// <summary>Signs task ids; at least 32 characters, the same for all API processes for as long as tasks are kept.</summary>
    [Required(ErrorMessage = "Broker:IdSecret (Broker__IdSecret) is missing: set it to 32 or more random characters, the same for "
        + "every API process, e.g. from `openssl rand -hex 32`.")]
    [MinLength(32, ErrorMessage = "Broker:IdSecret (Broker__IdSecret) is shorter than 32 characters.")]
    public string IdSecret { get; set; } = "";

    /// <summary>Put before every queue and exchange name; empty outside tests.</summary>
    public string QueuePrefix { get; set; } = "";
}

[OptionsValidator]
internal sealed partial class ApiOptionsValidator : IValidateOptions<ApiOptions>;
