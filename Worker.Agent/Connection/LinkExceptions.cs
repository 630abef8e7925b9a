namespace Broker.Agent;

/// <summary>Broker refused the registration for good, as with an unknown pool; the message is for a person.</summary>
internal sealed class RegistrationRefusedException(string message) : Exception(message);

/// <summary>The session is over on Broker's side, as its queue is gone.</summary>
internal sealed class SessionEndedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The way to Broker broke; what was under way may or may not have arrived.</summary>
internal sealed class LinkBrokenException(string message, Exception? inner = null) : Exception(message, inner);
