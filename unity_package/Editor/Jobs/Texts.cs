// Texts: what happens at the server, and what goes wrong there, in words for people and in the editor's language.
using System;
using System.Globalization;
using UnityEditor;

namespace Skyloom.Editor
{
    internal static class Texts
    {
        /// <summary>The text in the editor's language where there is a translation.</summary>
        public static string Tr(string text) => L10n.Tr(text);

        /// <summary>A translated pattern, filled in.</summary>
        public static string Tr(string pattern, params object[] values) =>
            string.Format(CultureInfo.CurrentCulture, L10n.Tr(pattern), values);

        /// <summary>What a job is at.</summary>
        public static string Of(SkyEvent seen)
        {
            if (seen == null)
            {
                return Tr("Asking the server");
            }
            switch (seen.Kind)
            {
                case SkyEventKind.Queued:
                    return seen.QueuePosition == 0 ? Tr("Waiting, next in the queue")
                        : Tr("Waiting, {0} before it", seen.QueuePosition);
                case SkyEventKind.Receiving:
                    return Tr("Receiving {0}: {1:0.0} MB", seen.Image, seen.BytesReceived / 1e6);
                default:
                    string detail = seen.Detail.Length == 0 ? "" : ": " + seen.Detail;
                    return Tr(Stage(seen.Stage)) + detail;
            }
        }

        /// <summary>What went wrong, and what to do about it.</summary>
        public static string Of(Exception error, bool managed)
        {
            switch (error)
            {
                case ServerUnavailableException _:
                    return error.Message + ". " + (managed
                        ? Tr("The server has ended or does not answer; Generate starts it again. Its log is in Library/Skyloom.")
                        : Tr("Is the server running, and is its address in Preferences > Skyloom right?"));
                case UnauthenticatedException _:
                    return Tr("The server wants another token; set it in Preferences > Skyloom.");
                case VersionMismatchException version:
                    return Tr("Server and package do not fit together: {0}. Install the backend of this package again, or update the server.",
                        version.Message);
                case QueueFullException full:
                    return Tr("The server has too much to do; try again in {0:0} s.", Math.Max(1, full.RetryAfter.TotalSeconds));
                case DeadlineExceededException _:
                    return Tr("The server took too long.");
                case JobCancelledException _:
                    return Tr("Somebody else cancelled the job at the server.");
                case JobNotFoundException _:
                    return Tr("The server no longer knows the job; press Generate again.");
                case ServerFaultException fault:
                    return Tr("The server failed: {0}. Its log tells more, under job {1}.", fault.Message, fault.JobId);
                case ProtocolException _:
                    return Tr("What answers at the address is no Skyloom server: {0}", error.Message);
                case ServerStartException _:
                    return Tr("The server did not start: {0}", error.Message);
                case OperationCanceledException _:
                    return Tr("Cancelled.");
                default:
                    return error.Message;
            }
        }

        private static string Stage(string stage)
        {
            switch (stage)
            {
                case "network":
                    return "Weaving the sky";
                case "detail":
                    return "Adding detail";
                case "render":
                    return "Rendering";
                case "encode":
                    return "Writing the picture";
                case "decode":
                    return "Reading the picture";
                default:
                    return stage;
            }
        }
    }
}
