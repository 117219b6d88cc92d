// RunSection: Generate, candidates, Cancel, and how far it is.
using UnityEngine.UIElements;

namespace Skyloom.Editor
{
    internal sealed class RunSection : Section
    {
        private readonly SkyWorkshop _workshop;
        private readonly Button _generate;
        private readonly Button _candidates;
        private readonly Button _cancel;
        private readonly ProgressBar _progress;
        private readonly Label _status;
        private readonly Label _blocked;

        public RunSection(VisualElement window, SkyWorkshop workshop) : base(window, "run")
        {
            _workshop = workshop;
            _generate = Get<Button>("generate");
            _candidates = Get<Button>("candidates");
            _cancel = Get<Button>("cancel");
            _progress = Get<ProgressBar>("progress");
            _status = Get<Label>("status");
            _blocked = Get<Label>("blocked");
            _generate.clicked += Generate;
            _candidates.clicked += () =>
            {
                _workshop.MakeCandidates();
                OfferCancel();
            };
            _cancel.clicked += _workshop.Cancel;
        }

        /// <summary>As the button does; also for a key.</summary>
        public void Generate()
        {
            _workshop.Generate();
            OfferCancel();
        }

        public override void Refresh()
        {
            string blocked = _workshop.GenerateBlocked;
            Allow(_generate, blocked, Texts.Tr("Make this sky at full size (Ctrl+Enter)."));
            Allow(_candidates, blocked, Texts.Tr("Make four small skies of this mix with other seeds, to pick one."));
            Allow(_cancel, _workshop.CancelBlocked, Texts.Tr("Stop at the server's next stage (Escape)."));
            bool running = _workshop.IsRunning;
            Show(_progress, running);
            if (running)
            {
                _progress.value = (float)_workshop.Run.Fraction;
                _progress.title = _workshop.Run.Fraction.ToString("P0", System.Globalization.CultureInfo.CurrentCulture);
            }
            Say(_status, running ? _workshop.Run.Status : "", false);
            Say(_blocked, running ? "" : blocked, false);
        }

        // The pressed button is disabled now; keys go to what has the focus, and Escape is to be heard.
        private void OfferCancel()
        {
            if (_workshop.IsRunning)
            {
                _cancel.Focus();
            }
        }
    }
}
